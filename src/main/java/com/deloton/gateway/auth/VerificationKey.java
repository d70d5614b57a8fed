package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A public key for signatures: RSA of 2048 bits or more, EC on P-256, P-384 or P-521, Ed25519 or Ed448.
 *
 * @param id null if the key has no id
 * @param algorithms never empty
 */
record VerificationKey(@Nullable String id, Set<Algorithm> algorithms, PublicKey key) {
    private static final int MIN_RSA_BITS = 2_048;
    private static final Map<String, String> CURVES =
            Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

    VerificationKey {
        algorithms = Set.copyOf(algorithms);
    }

    /** Empty for a key that is symmetric, weak, malformed, or not for signatures. */
    static Optional<VerificationKey> ofJwk(JsonObject jwk) {
        if (!isForSignatures(jwk)) {
            return Optional.empty();
        }
        try {
            return of(text(jwk, "kid"), text(jwk, "alg"), publicKey(jwk));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @param algorithm null for every one that fits the key */
    static Optional<VerificationKey> of(@Nullable String id, @Nullable String algorithm, PublicKey key) {
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            return Optional.empty();
        }
        Set<Algorithm> algorithms = EnumSet.allOf(Algorithm.class).stream()
                .filter(each -> SignatureAlgorithm.fits(each, key))
                .filter(each -> algorithm == null || Algorithm.of(algorithm) == each)
                .collect(Collectors.toSet());
        return algorithms.isEmpty() ? Optional.empty() : Optional.of(new VerificationKey(id, algorithms, key));
    }

    private static boolean isForSignatures(JsonObject jwk) {
        boolean use = jwk.getValue("use") == null || "sig".equals(jwk.getValue("use"));
        boolean operations = !(jwk.getValue("key_ops") instanceof JsonArray ops) || ops.contains("verify");
        return use && operations;
    }

    private static PublicKey publicKey(JsonObject jwk) throws GeneralSecurityException {
        return switch (String.valueOf(text(jwk, "kty"))) {
            case "RSA" ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case "EC" ->
                KeyFactory.getInstance("EC")
                        .generatePublic(new ECPublicKeySpec(
                                new ECPoint(number(jwk, "x"), number(jwk, "y")), curve(text(jwk, "crv"))));
            case "OKP" -> edwards(text(jwk, "crv"), bytes(jwk, "x"));
            default -> throw new IllegalArgumentException("not an asymmetric key");
        };
    }

    private static ECParameterSpec curve(@Nullable String name) throws GeneralSecurityException {
        String standardName = name == null ? null : CURVES.get(name);
        if (standardName == null) {
            throw new IllegalArgumentException("not a supported curve");
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(standardName));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    /** RFC 8032: little-endian y; the highest bit is the sign of x. */
    private static PublicKey edwards(@Nullable String curve, byte[] encoded) throws GeneralSecurityException {
        if (!"Ed25519".equals(curve) && !"Ed448".equals(curve)) {
            throw new IllegalArgumentException("not a supported curve");
        }
        byte[] y = new byte[encoded.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = encoded[y.length - 1 - i];
        }
        boolean xOdd = (y[0] & 0x80) != 0;
        y[0] &= 0x7F;
        return KeyFactory.getInstance("EdDSA")
                .generatePublic(new EdECPublicKeySpec(
                        new NamedParameterSpec(curve), new EdECPoint(xOdd, new BigInteger(1, y))));
    }

    private static @Nullable String text(JsonObject jwk, String name) {
        return jwk.getValue(name) instanceof String text ? text : null;
    }

    private static BigInteger number(JsonObject jwk, String name) {
        return new BigInteger(1, bytes(jwk, name));
    }

    private static byte[] bytes(JsonObject jwk, String name) {
        byte[] bytes = jwk.getValue(name) instanceof String text
                ? Base64.getUrlDecoder().decode(text)
                : new byte[0];
        if (bytes.length == 0) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return bytes;
    }
}
