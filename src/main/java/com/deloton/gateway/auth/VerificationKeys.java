package com.deloton.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.impl.jose.JWK;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that verify signatures: RSA of 2048 bits or more for RS256, EC on P-256 for ES256. Other keys of a set,
 * symmetric ones in particular, are ignored.
 */
final class VerificationKeys {
    private static final int MIN_RSA_BITS = 2_048;
    private static final Map<String, List<String>> PUBLIC_PARTS =
            Map.of("RSA", List.of("kty", "kid", "n", "e"), "EC", List.of("kty", "kid", "crv", "x", "y"));

    private final List<JsonObject> keys;
    private final JWTAuth signatures;

    private VerificationKeys(Vertx vertx, List<JsonObject> keys) {
        this.keys = keys;
        signatures = JWTAuth.create(
                vertx, new JWTAuthOptions().setJwks(keys).setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
    }

    /**
     * The usable ones of a JSON Web Key Set.
     *
     * @throws IllegalArgumentException if there is none: Vert.x would then accept unsigned tokens
     */
    static VerificationKeys of(Vertx vertx, JsonArray set) {
        List<JsonObject> usable = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            JsonObject key = set.getValue(i) instanceof JsonObject jwk ? usable(jwk) : null;
            if (key != null && isLoadable(key)) {
                usable.add(key);
            }
        }
        if (usable.isEmpty()) {
            throw new IllegalArgumentException(
                    "has no usable key; expected a signature key: RSA of 2048 bits or more, or EC on P-256");
        }
        return new VerificationKeys(vertx, List.copyOf(usable));
    }

    /** Whether one of the keys matches the token's header. */
    boolean include(UnverifiedToken token) {
        return keys.stream()
                .anyMatch(key -> token.algorithm().equals(key.getString("alg"))
                        && (token.keyId() == null
                                || key.getString("kid") == null
                                || token.keyId().equals(key.getString("kid"))));
    }

    boolean sameAs(@Nullable VerificationKeys other) {
        return other != null && keys.equals(other.keys);
    }

    Future<Void> verify(String token) {
        return signatures
                .authenticate(new TokenCredentials(token))
                .<Void>mapEmpty()
                .recover(e -> Future.failedFuture(new InvalidTokenException("signature verification failed")));
    }

    private static @Nullable JsonObject usable(JsonObject jwk) {
        boolean rsa = "RSA".equals(jwk.getValue("kty"));
        boolean ec = "EC".equals(jwk.getValue("kty")) && "P-256".equals(jwk.getValue("crv"));
        String algorithm = rsa ? "RS256" : "ES256";
        boolean signs = Objects.requireNonNullElse(jwk.getValue("use"), "sig").equals("sig")
                && Objects.requireNonNullElse(jwk.getValue("alg"), algorithm).equals(algorithm);
        if (!(rsa || ec) || !signs || (rsa && bits(jwk.getValue("n")) < MIN_RSA_BITS)) {
            return null;
        }
        JsonObject key = new JsonObject().put("alg", algorithm);
        for (String part : PUBLIC_PARTS.getOrDefault(rsa ? "RSA" : "EC", List.of())) {
            if (jwk.getValue(part) instanceof String value) {
                key.put(part, value);
            }
        }
        return key;
    }

    private static int bits(@Nullable Object modulus) {
        try {
            return modulus instanceof String text
                    ? new BigInteger(1, Base64.getUrlDecoder().decode(text)).bitLength()
                    : 0;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** Vert.x only logs a warning for a broken key, which could leave a set without keys. */
    private static boolean isLoadable(JsonObject key) {
        try {
            new JWK(key);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
