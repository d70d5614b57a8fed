package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The public keys that verify signatures. Equal to another if the keys are. Safe for use by any thread. */
final class VerificationKeys {
    /** Bounds the work for a token without a key id, which is tried with every key. */
    private static final int MAX_KEYS = 100;

    private final Vertx vertx;
    private final List<VerificationKey> keys;
    private final Map<VerificationKey, JWTAuth> providers = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if there is no key */
    VerificationKeys(Vertx vertx, List<VerificationKey> keys) {
        this.vertx = vertx;
        this.keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("has no usable key; expected a signature key: RSA of 2048 bits or more,"
                    + " EC on P-256, P-384 or P-521, Ed25519 or Ed448");
        }
    }

    /**
     * The usable keys of a JSON Web Key Set.
     *
     * @throws IllegalArgumentException if there is none
     */
    static VerificationKeys ofJwks(Vertx vertx, JsonArray set) {
        return new VerificationKeys(
                vertx,
                IntStream.range(0, Math.min(MAX_KEYS, set.size()))
                        .mapToObj(set::getValue)
                        .filter(JsonObject.class::isInstance)
                        .map(jwk -> VerificationKey.ofJwk((JsonObject) jwk))
                        .flatMap(Optional::stream)
                        .toList());
    }

    List<VerificationKey> keys() {
        return keys;
    }

    /** Whether one of the keys matches the token's header. */
    boolean include(UnverifiedToken token) {
        return candidates(token).findAny().isPresent();
    }

    /** Whether one of the keys has this id. */
    boolean hasId(String id) {
        return keys.stream().anyMatch(key -> id.equals(key.id()));
    }

    /** Whether one of the keys that match the header has signed the token; never fails. */
    Future<Boolean> verify(UnverifiedToken token) {
        Future<Boolean> verified = Future.succeededFuture(false);
        for (VerificationKey key : candidates(token).toList()) {
            verified = verified.compose(done -> done ? Future.succeededFuture(true) : verify(token, key));
        }
        return verified;
    }

    private Future<Boolean> verify(UnverifiedToken token, VerificationKey key) {
        if (token.algorithm() == Algorithm.EDDSA) {
            byte[] input = token.signingInput().getBytes(StandardCharsets.US_ASCII);
            return Future.succeededFuture(SignatureAlgorithm.verifyEdDsa(
                    key.key(), input, token.signature().getBytes()));
        }
        if (token.signature().length() != SignatureAlgorithm.signatureBytes(token.algorithm(), key.key())) {
            return Future.succeededFuture(false);
        }
        return Future.succeededFuture(new TokenCredentials(token.compact()))
                .compose(providers.computeIfAbsent(key, each -> SignatureAlgorithm.provider(vertx, each))::authenticate)
                .map(true)
                .otherwise(false);
    }

    private Stream<VerificationKey> candidates(UnverifiedToken token) {
        String id = token.keyId();
        return keys.stream()
                .filter(key -> key.algorithms().contains(token.algorithm()))
                .filter(key -> id == null || key.id() == null || id.equals(key.id()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerificationKeys that && keys.equals(that.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }
}
