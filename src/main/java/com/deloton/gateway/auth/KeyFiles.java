package com.deloton.gateway.auth;

import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys from files: JSON (a JWK, or a set of them) or PEM ({@code BEGIN PUBLIC KEY}). */
final class KeyFiles {
    private static final Pattern PEM = Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----");
    private static final int P256_BYTES = 32;

    private KeyFiles() {}

    /** @throws IllegalArgumentException naming the file that cannot be read, or if none has a usable key */
    static VerificationKeys read(Vertx vertx, List<Path> files) {
        JsonArray keys = new JsonArray();
        for (Path file : files) {
            try {
                String text = Files.readString(file, StandardCharsets.UTF_8).strip();
                keys.addAll(text.startsWith("{") ? jwks(new JsonObject(text)) : pem(text));
            } catch (IOException | DecodeException | GeneralSecurityException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "api.jwt.key-files: " + file + " is not a public key; expected a JWK, a JWK set or PEM", e);
            }
        }
        try {
            return VerificationKeys.of(vertx, keys);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("api.jwt.key-files: " + files + " " + e.getMessage(), e);
        }
    }

    /** The keys of a set, or a single key. */
    static JsonArray jwks(JsonObject json) {
        return json.getValue("keys") instanceof JsonArray keys ? keys : new JsonArray().add(json);
    }

    static JsonObject jwk(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new JsonObject()
                    .put("kty", "RSA")
                    .put("n", base64(unsigned(rsa.getModulus())))
                    .put("e", base64(unsigned(rsa.getPublicExponent())));
        }
        ECPublicKey ec = (ECPublicKey) key;
        boolean p256 = ec.getParams().getOrder().bitLength() == P256_BYTES * 8;
        return new JsonObject()
                .put("kty", "EC")
                .put("crv", p256 ? "P-256" : "other")
                .put("x", base64(padded(ec.getW().getAffineX())))
                .put("y", base64(padded(ec.getW().getAffineY())));
    }

    private static JsonArray pem(String text) throws GeneralSecurityException {
        JsonArray keys = new JsonArray();
        Matcher blocks = PEM.matcher(text);
        while (blocks.find()) {
            X509EncodedKeySpec spec =
                    new X509EncodedKeySpec(Base64.getMimeDecoder().decode(blocks.group(1)));
            keys.add(jwk(publicKey(spec)));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no PEM block BEGIN PUBLIC KEY");
        }
        return keys;
    }

    private static PublicKey publicKey(X509EncodedKeySpec spec) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (GeneralSecurityException e) {
            return KeyFactory.getInstance("EC").generatePublic(spec);
        }
    }

    private static byte[] unsigned(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static byte[] padded(BigInteger value) {
        byte[] bytes = unsigned(value);
        byte[] padded = new byte[Math.max(P256_BYTES, bytes.length)];
        System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
        return padded;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
