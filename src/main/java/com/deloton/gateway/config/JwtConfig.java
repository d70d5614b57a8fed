package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
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

    /** Null without an issuer. */
    static @Nullable JwtConfig read(Settings settings) {
        String issuer = settings.key("api.jwt.issuer", "What the claim iss of a token must be.")
                .textOrNull();
        String audience = settings.key("api.jwt.audience", "What the claim aud of a token must hold.")
                .text("deloton-api");
        String jwksUrl = settings.key("api.jwt.jwks-url", "Where the issuer publishes its keys.")
                .textOrNull();
        List<String> files = settings.key("api.jwt.key-files", "Files of public keys, PEM or JWK, instead of the URL.")
                .list("a list of files", List.of(), file -> !file.isBlank());
        Duration leeway = settings.key("api.jwt.leeway", "How far the issuer's clock may be off.")
                .duration("5s", "0s", "5m");
        return issuer == null
                ? null
                : new JwtConfig(
                        issuer, audience, jwksUrl, files.stream().map(Path::of).toList(), leeway);
    }
}
