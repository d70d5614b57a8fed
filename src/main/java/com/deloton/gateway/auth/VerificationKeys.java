package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The public keys that verify signatures. Immutable. */
record VerificationKeys(List<VerificationKey> keys) {
    /** Bounds the work for a token without a key id, which is tried with every key. */
    private static final int MAX_KEYS = 100;

    /** @throws IllegalArgumentException if there is no key */
    VerificationKeys {
        keys = List.copyOf(keys);
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
    static VerificationKeys ofJwks(JsonArray set) {
        return new VerificationKeys(IntStream.range(0, Math.min(MAX_KEYS, set.size()))
                .mapToObj(set::getValue)
                .filter(JsonObject.class::isInstance)
                .map(jwk -> VerificationKey.ofJwk((JsonObject) jwk))
                .flatMap(Optional::stream)
                .toList());
    }

    /** Whether one of the keys matches the token's header. */
    boolean include(UnverifiedToken token) {
        return candidates(token).findAny().isPresent();
    }

    /** Whether one of the keys has this id. */
    boolean hasId(String id) {
        return keys.stream().anyMatch(key -> id.equals(key.id()));
    }

    /** Whether one of the keys that match the header has signed the token. */
    boolean verify(UnverifiedToken token) {
        Algorithm algorithm = token.algorithm();
        byte[] signature = token.signature().getBytes();
        byte[] input = token.signingInput().getBytes(StandardCharsets.US_ASCII);
        return candidates(token).anyMatch(key -> SignatureAlgorithm.verify(algorithm, key.key(), input, signature));
    }

    private Stream<VerificationKey> candidates(UnverifiedToken token) {
        String id = token.keyId();
        return keys.stream()
                .filter(key -> key.algorithms().contains(token.algorithm()))
                .filter(key -> id == null || key.id() == null || id.equals(key.id()));
    }
}
