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
 * Tells whether a token is to be believed: signed with RS256 or ES256 by a known key, from the right issuer for the
 * right audience, not expired, with a subject. Keys that the issuer publishes are fetched again at intervals, and when a
 * token names an unknown one. Safe for use by any thread.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final Duration REFRESH_EVERY = Duration.ofMinutes(5);
    /** Unknown keys, which anybody can name, make no more fetches than this. */
    private static final Duration FETCH_AT_MOST_EVERY = Duration.ofSeconds(10);

    private static final int MAX_TOKEN = 8_192;
    private static final long MAX_CACHED_CHARACTERS = 8_000_000;

    private final JwtConfig config;
    private final InstantSource clock;
    private final @Nullable JwksClient published;
    private final AtomicReference<Instant> lastFetch = new AtomicReference<>(Instant.MIN);
    private final Cache<String, Caller> verified = Caffeine.newBuilder()
            .maximumWeight(MAX_CACHED_CHARACTERS)
            .weigher((String token, Caller caller) -> token.length())
            .build();

    private volatile @Nullable VerificationKeys keys;

    private TokenVerifier(JwtConfig config, InstantSource clock, @Nullable JwksClient published) {
        this.config = config;
        this.clock = clock;
        this.published = published;
    }

    /**
     * Fails if the key files hold no usable key. An issuer that cannot be reached yet only makes tokens fail with
     * {@link KeysUnavailableException} until it can.
     */
    public static Future<TokenVerifier> create(Vertx vertx, JwtConfig config, InstantSource clock) {
        return create(vertx, config, clock, REFRESH_EVERY);
    }

    static Future<TokenVerifier> create(Vertx vertx, JwtConfig config, InstantSource clock, Duration refreshEvery) {
        String url = config.jwksUrl();
        if (url == null) {
            TokenVerifier tokens = new TokenVerifier(config, clock, null);
            return vertx.executeBlocking(() -> tokens.keys = KeyFiles.read(vertx, config.keyFiles()))
                    .map(tokens);
        }
        TokenVerifier tokens = new TokenVerifier(config, clock, new JwksClient(vertx, url));
        vertx.setPeriodic(refreshEvery.toMillis(), id -> tokens.fetch());
        return tokens.fetch().map(tokens);
    }

    /**
     * Who has sent the token. Fails with {@link InvalidTokenException}, or with {@link KeysUnavailableException} while there is nothing to
     * check it with.
     */
    public Future<Caller> verify(String jwt) {
        try {
            if (jwt.length() > MAX_TOKEN) {
                throw new InvalidTokenException("the token is longer than " + MAX_TOKEN + " characters");
            }
            Caller known = verified.getIfPresent(jwt);
            if (known != null) {
                if (clock.instant().isBefore(known.expiresAt().plus(config.leeway()))) {
                    return Future.succeededFuture(known);
                }
                verified.invalidate(jwt);
            }
            return verify(jwt, UnverifiedToken.parse(jwt));
        } catch (InvalidTokenException refused) {
            return Future.failedFuture(refused);
        }
    }

    private Future<Caller> verify(String jwt, UnverifiedToken content) {
        Caller claimed = content.caller(config.issuer(), config.audience(), config.leeway(), clock.instant());
        return keysFor(content)
                .compose(now -> now.verify(jwt).map(v -> {
                    verified.put(jwt, claimed);
                    if (now != keys) {
                        verified.invalidate(jwt);
                    }
                    return claimed;
                }));
    }

    private Future<VerificationKeys> keysFor(UnverifiedToken content) {
        VerificationKeys now = keys;
        if (now != null && now.include(content)) {
            return Future.succeededFuture(now);
        }
        return fetchIfDue().compose(v -> {
            VerificationKeys fetched = keys;
            if (fetched == null) {
                return Future.failedFuture(new KeysUnavailableException("The issuer's keys cannot be fetched."));
            }
            return fetched.include(content)
                    ? Future.succeededFuture(fetched)
                    : Future.failedFuture(new InvalidTokenException("the token is not signed by a known key"));
        });
    }

    private Future<Void> fetchIfDue() {
        Instant now = clock.instant();
        Instant last = lastFetch.get();
        boolean due = published != null
                && (last.equals(Instant.MIN) || !now.isBefore(last.plus(FETCH_AT_MOST_EVERY)))
                && lastFetch.compareAndSet(last, now);
        return due ? fetch() : Future.succeededFuture();
    }

    /** Never fails: what cannot be fetched leaves the keys as they are. */
    private Future<Void> fetch() {
        JwksClient source = published;
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
                .onFailure(
                        e -> LOG.warn("the keys that tokens are checked with could not be fetched: {}", e.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
