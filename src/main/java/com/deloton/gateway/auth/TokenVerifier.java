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
 * Verifies tokens: signature by a known key with RS256 or ES256, issuer, audience, validity period and subject. The issuer's
 * keys are fetched at intervals, and when a token names an unknown key. Safe for use by any thread.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(5);
    /** Throttles fetches for unknown keys, which any client can name. */
    private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(10);

    private static final int MAX_TOKEN = 8_192;
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
        String url = config.jwksUrl();
        if (url == null) {
            TokenVerifier verifier = new TokenVerifier(config, clock, null);
            return vertx.executeBlocking(() -> verifier.keys = KeyFiles.read(vertx, config.keyFiles()))
                    .map(verifier);
        }
        TokenVerifier verifier = new TokenVerifier(config, clock, new JwksClient(vertx, url));
        vertx.setPeriodic(refreshInterval.toMillis(), id -> verifier.fetch());
        return verifier.fetch().map(verifier);
    }

    /**
     * The caller that the token names. Fails with {@link InvalidTokenException}, or with {@link KeysUnavailableException}
     * if there are no keys to verify it with.
     */
    public Future<Caller> verify(String jwt) {
        try {
            if (jwt.length() > MAX_TOKEN) {
                throw new InvalidTokenException("the token has more than " + MAX_TOKEN + " characters");
            }
            Caller known = verified.getIfPresent(jwt);
            if (known != null) {
                if (clock.instant().isBefore(known.expiresAt().plus(config.leeway()))) {
                    return Future.succeededFuture(known);
                }
                verified.invalidate(jwt);
            }
            return verify(jwt, UnverifiedToken.parse(jwt));
        } catch (InvalidTokenException invalid) {
            return Future.failedFuture(invalid);
        }
    }

    private Future<Caller> verify(String jwt, UnverifiedToken unverified) {
        Caller claimed = unverified.caller(config.issuer(), config.audience(), config.leeway(), clock.instant());
        return keysFor(unverified)
                .compose(now -> now.verify(jwt).map(v -> {
                    verified.put(jwt, claimed);
                    if (now != keys) {
                        verified.invalidate(jwt);
                    }
                    return claimed;
                }));
    }

    private Future<VerificationKeys> keysFor(UnverifiedToken unverified) {
        VerificationKeys now = keys;
        if (now != null && now.include(unverified)) {
            return Future.succeededFuture(now);
        }
        return fetchIfDue().compose(v -> {
            VerificationKeys fetched = keys;
            if (fetched == null) {
                return Future.failedFuture(new KeysUnavailableException("The issuer's keys cannot be fetched."));
            }
            return fetched.include(unverified)
                    ? Future.succeededFuture(fetched)
                    : Future.failedFuture(new InvalidTokenException("the signing key is not known"));
        });
    }

    private Future<Void> fetchIfDue() {
        Instant now = clock.instant();
        Instant last = lastFetch.get();
        boolean due = jwks != null
                && (last.equals(Instant.MIN) || !now.isBefore(last.plus(MIN_FETCH_INTERVAL)))
                && lastFetch.compareAndSet(last, now);
        return due ? fetch() : Future.succeededFuture();
    }

    /** Never fails: after an error, the previous keys stay in use. */
    private Future<Void> fetch() {
        JwksClient source = jwks;
        if (source == null) {
            return Future.succeededFuture();
        }
        lastFetch.set(clock.instant());
        return source.fetch()
                .onSuccess(fetched -> {
                    if (!fetched.sameAs(keys)) {
                        keys = fetched;
                        verified.invalidateAll();
                    }
                })
                .onFailure(e -> LOG.warn("cannot fetch the keys that verify tokens: {}", e.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
