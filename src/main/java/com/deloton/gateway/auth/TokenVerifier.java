package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies tokens: signature by a known key, issuer, audience, validity period and subject. The issuer's keys
 * are fetched at intervals, and when a token names an unknown key. Safe for use by any thread.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(5);
    /** Throttles fetches for unknown keys, which any client can name. */
    private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(10);

    private static final int MAX_TOKEN_LENGTH = 16_384;
    private static final long MAX_CACHED_CHARACTERS = 8_000_000;

    private final JwtConfig config;
    private final InstantSource clock;
    private final @Nullable JwksClient jwks;
    private final AtomicReference<Instant> lastFetch = new AtomicReference<>(Instant.MIN);
    private final Cache<String, Caller> verified = Caffeine.newBuilder()
            .maximumWeight(MAX_CACHED_CHARACTERS)
            .weigher((String token, Caller caller) -> token.length())
            .build();

    private volatile @Nullable VerificationKeys keys;

    private TokenVerifier(JwtConfig config, InstantSource clock, @Nullable JwksClient jwks) {
        this.config = config;
        this.clock = clock;
        this.jwks = jwks;
    }

    /**
     * Fails if the key files have no usable key. While the issuer is unreachable, {@link #verify} fails with
     * {@link KeysUnavailableException}.
     */
    public static Future<TokenVerifier> create(Vertx vertx, JwtConfig config, InstantSource clock) {
        return create(vertx, config, clock, REFRESH_INTERVAL);
    }

    static Future<TokenVerifier> create(Vertx vertx, JwtConfig config, InstantSource clock, Duration refreshInterval) {
        if (!config.keyFiles().isEmpty()) {
            TokenVerifier verifier = new TokenVerifier(config, clock, null);
            return vertx.executeBlocking(() -> verifier.keys = KeyFiles.read(vertx, config.keyFiles()))
                    .map(verifier);
        }
        TokenVerifier verifier = new TokenVerifier(config, clock, new JwksClient(vertx, config));
        vertx.setPeriodic(refreshInterval.toMillis(), id -> verifier.fetch());
        return verifier.fetch().map(verifier);
    }

    /**
     * The caller that the token names. Fails with {@link InvalidTokenException}, or with {@link KeysUnavailableException}
     * if there are no keys to verify it with.
     */
    public Future<Caller> verify(String jwt) {
        try {
            if (jwt.length() > MAX_TOKEN_LENGTH) {
                throw new InvalidTokenException("the token has more than " + MAX_TOKEN_LENGTH + " characters");
            }
            Caller known = verified.getIfPresent(jwt);
            if (known != null) {
                if (clock.instant().isBefore(known.expiresAt().plus(config.leeway()))) {
                    return Future.succeededFuture(known);
                }
                verified.invalidate(jwt);
            }
            return verify(jwt, UnverifiedToken.parse(jwt, config.algorithms()));
        } catch (InvalidTokenException invalid) {
            return Future.failedFuture(invalid);
        }
    }

    @SuppressWarnings("ReferenceEquality") // each fetch of the keys makes a new object
    private Future<Caller> verify(String jwt, UnverifiedToken unverified) {
        Caller claimed = Claims.caller(unverified, config, clock.instant());
        return keysFor(unverified)
                .compose(current -> current.verify(unverified).map(signed -> {
                    if (!signed) {
                        throw new InvalidTokenException("signature verification failed");
                    }
                    verified.put(jwt, claimed);
                    if (current != keys) {
                        verified.invalidate(jwt);
                    }
                    return claimed;
                }));
    }

    private Future<VerificationKeys> keysFor(UnverifiedToken unverified) {
        VerificationKeys current = keys;
        if (current != null && current.include(unverified)) {
            return Future.succeededFuture(current);
        }
        boolean named = unverified.keyId() != null && !(current != null && current.hasId(unverified.keyId()));
        if (jwks == null || (current != null && !named)) {
            return Future.failedFuture(new InvalidTokenException("the signing key is not known"));
        }
        if (!startFetch()) {
            return Future.failedFuture(unavailable());
        }
        return fetch().compose(succeeded -> {
            VerificationKeys fetched = keys;
            if (fetched != null && fetched.include(unverified)) {
                return Future.succeededFuture(fetched);
            }
            return Future.failedFuture(
                    succeeded ? new InvalidTokenException("the signing key is not known") : unavailable());
        });
    }

    /** Whether the caller has to fetch now: the keys were not fetched for a while. */
    private boolean startFetch() {
        Instant last = lastFetch.get();
        Instant now = clock.instant();
        return !now.isBefore(nextFetch(last)) && lastFetch.compareAndSet(last, now);
    }

    private KeysUnavailableException unavailable() {
        Duration wait = Duration.between(clock.instant(), nextFetch(lastFetch.get()));
        return new KeysUnavailableException("The keys of the issuer are not fetched yet.", (int)
                Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    private static Instant nextFetch(Instant last) {
        return last.equals(Instant.MIN) ? last : last.plus(MIN_FETCH_INTERVAL);
    }

    /** Whether it succeeded; never fails. After an error, the previous keys stay in use. */
    private Future<Boolean> fetch() {
        JwksClient source = jwks;
        if (source == null) {
            return Future.succeededFuture(false);
        }
        lastFetch.set(clock.instant());
        return source.fetch()
                .onSuccess(fetched -> {
                    if (!fetched.equals(keys)) {
                        keys = fetched;
                        verified.invalidateAll();
                    }
                })
                .onFailure(e -> LOG.warn("cannot fetch the keys that verify tokens: {}", e.getMessage()))
                .map(true)
                .otherwise(false);
    }
}
