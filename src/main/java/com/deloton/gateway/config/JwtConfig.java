package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are believed. Keys come from {@code jwksUrl} or from {@code keyFiles}.
 *
 * @param issuer what the claim iss must be
 * @param audience what the claim aud must hold
 * @param jwksUrl where the issuer publishes its keys
 * @param keyFiles public keys, PEM or JWK
 * @param leeway how far the issuer's clock may be off
 */
public record JwtConfig(
        String issuer, String audience, @Nullable String jwksUrl, List<Path> keyFiles, Duration leeway) {

    public JwtConfig {
        keyFiles = List.copyOf(keyFiles);
    }

    /** Null without an issuer or its keys, which is a fault if they are {@code needed}. */
    static @Nullable JwtConfig read(Settings settings, boolean needed) {
        String issuer = settings.key(
                        "api.jwt.issuer", "What the claim iss of a token must be; the roles api and live need it.")
                .textOrNull();
        String audience = settings.key("api.jwt.audience", "What the claim aud of a token must hold.")
                .text("deloton-api");
        String jwksUrl = settings.key("api.jwt.jwks-url", "Where the issuer publishes its keys; https but on loopback.")
                .textOrNull();
        List<String> files = settings.key("api.jwt.key-files", "Files of public keys, PEM or JWK, instead of the URL.")
                .list("a list of files", List.of(), file -> !file.isBlank());
        Duration leeway = settings.key("api.jwt.leeway", "How far the issuer's clock may be off.")
                .duration("5s", "0s", "5m");
        if (needed && issuer == null) {
            settings.missing("api.jwt.issuer", "the roles api and live need it");
        }
        if (needed && jwksUrl == null && files.isEmpty()) {
            settings.missing("api.jwt.jwks-url", "the roles api and live need it, or api.jwt.key-files");
        }
        if (jwksUrl != null && !files.isEmpty()) {
            settings.fault("api.jwt.key-files", "and api.jwt.jwks-url exclude each other; give one of them");
        }
        if (jwksUrl != null && !isSafe(jwksUrl)) {
            settings.fault("api.jwt.jwks-url", "is no https URL; http does for a server on this machine only");
            return null;
        }
        return issuer == null || (jwksUrl == null && files.isEmpty())
                ? null
                : new JwtConfig(
                        issuer, audience, jwksUrl, files.stream().map(Path::of).toList(), leeway);
    }

    private static boolean isSafe(String url) {
        try {
            URI uri = new URI(url);
            boolean loopback = List.of("localhost", "127.0.0.1", "[::1]").contains(String.valueOf(uri.getHost()));
            return uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
