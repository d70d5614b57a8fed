package com.deloton.gateway.auth;

import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys from files: JSON (a JWK, or a set of them) or PEM ({@code BEGIN PUBLIC KEY}). */
final class KeyFiles {
    private static final Pattern PEM = Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private KeyFiles() {}

    /** @throws IllegalArgumentException naming the file that cannot be read or has no usable key */
    static VerificationKeys read(Vertx vertx, List<Path> files) {
        List<VerificationKey> keys = new ArrayList<>();
        for (Path file : files) {
            try {
                String text = Files.readString(file, StandardCharsets.UTF_8).strip();
                VerificationKeys found = text.startsWith("{") ? jwks(vertx, new JsonObject(text)) : pem(vertx, text);
                keys.addAll(found.keys());
            } catch (IOException | DecodeException | GeneralSecurityException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "api.jwt.key-files: " + file + " is not a public key; expected a JWK, a JWK set or PEM", e);
            }
        }
        return new VerificationKeys(vertx, keys);
    }

    /** The keys of a set, or a single key. */
    static VerificationKeys jwks(Vertx vertx, JsonObject json) {
        return VerificationKeys.ofJwks(
                vertx, json.getValue("keys") instanceof JsonArray keys ? keys : new JsonArray().add(json));
    }

    private static VerificationKeys pem(Vertx vertx, String text) throws GeneralSecurityException {
        List<VerificationKey> keys = new ArrayList<>();
        Matcher blocks = PEM.matcher(text);
        while (blocks.find()) {
            byte[] encoded = Base64.getMimeDecoder().decode(blocks.group(1));
            VerificationKey.of(null, null, publicKey(new X509EncodedKeySpec(encoded)))
                    .ifPresent(keys::add);
        }
        return new VerificationKeys(vertx, keys);
    }

    private static PublicKey publicKey(X509EncodedKeySpec spec) throws GeneralSecurityException {
        GeneralSecurityException last = new GeneralSecurityException("no key type");
        for (String type : KEY_TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePublic(spec);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }
}
