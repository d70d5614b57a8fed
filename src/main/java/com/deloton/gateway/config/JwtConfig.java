package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are accepted. Keys come from {@code jwksUrl} or from {@code keyFiles}.
 *
 * @param issuer required value of the claim iss
 * @param audience required element of the claim aud
 * @param jwksUrl address of the issuer's JSON Web Key Set
 * @param keyFiles public keys, PEM or JWK
 * @param leeway tolerated difference to the issuer's clock
 */
public record JwtConfig(
        String issuer, String audience, @Nullable String jwksUrl, List<Path> keyFiles, Duration leeway) {

    public JwtConfig {
        keyFiles = List.copyOf(keyFiles);
    }

    /** Null without an issuer or its keys, which is a problem if they are {@code needed}. */
    static @Nullable JwtConfig read(Settings settings, boolean needed) {
        String issuer = settings.key(
                        "api.jwt.issuer", "Required value of the claim iss; the roles api and live need it.")
                .textOrNull();
        String audience = settings.key("api.jwt.audience", "Required element of the claim aud.")
                .text("deloton-api");
        String jwksUrl = settings.key(
                        "api.jwt.jwks-url", "URL of the issuer's JSON Web Key Set; https, or http on loopback.")
                .textOrNull();
        List<String> files = settings.key(
                        "api.jwt.key-files", "Files of public keys, PEM or JWK, instead of api.jwt.jwks-url.")
                .list("a list of files", List.of(), file -> !file.isBlank());
        Duration leeway = settings.key("api.jwt.leeway", "Tolerated difference to the issuer's clock.")
                .duration("5s", "0s", "5m");
        if (needed && issuer == null) {
            settings.missing("api.jwt.issuer", "the roles api and live need it");
        }
        if (needed && jwksUrl == null && files.isEmpty()) {
            settings.missing("api.jwt.jwks-url", "the roles api and live need it, or api.jwt.key-files");
        }
        if (jwksUrl != null && !files.isEmpty()) {
            settings.invalid("api.jwt.key-files", "and api.jwt.jwks-url are both set; expected one of them");
        }
        if (jwksUrl != null && !isSafe(jwksUrl)) {
            settings.invalid("api.jwt.jwks-url", "is not an https URL; http is allowed for a loopback host only");
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
