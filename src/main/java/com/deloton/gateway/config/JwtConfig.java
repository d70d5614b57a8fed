package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are accepted. Keys come from {@code keyFiles}, else from {@code jwksUrl}, else from the address that the
 * issuer's OpenID configuration names.
 *
 * @param issuer required value of the claim iss
 * @param audience required element of the claim aud
 * @param clientIds clients whose tokens may have no claim aud
 * @param jwksUrl address of the issuer's JSON Web Key Set; null to discover it
 * @param keyFiles public keys, PEM or JWK
 * @param algorithms accepted signature algorithms
 * @param scopes where scopes stand in a token
 * @param riderClaim claim, or dotted path, with the rider that a token with the scope {@code self} belongs to
 * @param acceptIdTokens whether ID tokens are accepted like access tokens
 * @param leeway tolerated difference to the issuer's clock
 */
public record JwtConfig(
        String issuer,
        String audience,
        Set<String> clientIds,
        @Nullable String jwksUrl,
        List<Path> keyFiles,
        Set<Algorithm> algorithms,
        ScopeRules scopes,
        String riderClaim,
        boolean acceptIdTokens,
        Duration leeway) {
    /** The default of {@code riderClaim}. */
    public static final String RIDER_CLAIM = "rider_id";

    /** Asymmetric signature algorithms of JWS. */
    public enum Algorithm {
        RS256,
        RS384,
        RS512,
        PS256,
        PS384,
        PS512,
        ES256,
        ES384,
        ES512,
        EDDSA;

        /** As in the header {@code alg}; null for any other. */
        public static @Nullable Algorithm of(String name) {
            if (name.equals("EdDSA") || name.equals("Ed25519") || name.equals("Ed448")) {
                return EDDSA;
            }
            return Arrays.stream(values())
                    .filter(each -> each != EDDSA && each.name().equals(name))
                    .findAny()
                    .orElse(null);
        }
    }

    /**
     * Where scopes stand in a token.
     *
     * @param claims names of claims, or dotted paths to members of claims
     * @param prefix removed from the start of each value; may be empty
     * @param map from a value of the provider to scopes of the gateway
     */
    public record ScopeRules(List<String> claims, String prefix, Map<String, List<String>> map) {
        public static final ScopeRules DEFAULT = read(Settings.empty());

        public ScopeRules {
            claims = List.copyOf(claims);
            map = Map.copyOf(map);
        }

        static ScopeRules read(Settings settings) {
            return new ScopeRules(
                    settings.key(
                                    "api.jwt.scope-claims",
                                    "Claims with the scopes, as text, list or object; a dotted name that is not a claim is a path.")
                            .list("a list of claims or paths", List.of("scope", "scp"), claim -> !claim.isBlank()),
                    prefix(settings),
                    map(settings));
        }

        private static String prefix(Settings settings) {
            String prefix = settings.key(
                            "api.jwt.scope-prefix",
                            "Removed from the start of each scope of a token, such as deloton/.")
                    .textOrNull();
            return prefix == null ? "" : prefix;
        }

        private static Map<String, List<String>> map(Settings settings) {
            return settings
                    .properties(
                            "api.jwt.scope-map",
                            "Scopes of the gateway for a value of the provider, separated by spaces.")
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            entry -> List.of(entry.getValue().strip().split("[ ,]+"))));
        }
    }

    public JwtConfig {
        clientIds = Set.copyOf(clientIds);
        keyFiles = List.copyOf(keyFiles);
        algorithms = Set.copyOf(algorithms);
    }

    /** With the defaults of all other settings. */
    public JwtConfig(String issuer, String audience, @Nullable String jwksUrl, List<Path> keyFiles, Duration leeway) {
        this(
                issuer,
                audience,
                Set.of(),
                jwksUrl,
                keyFiles,
                EnumSet.allOf(Algorithm.class),
                ScopeRules.DEFAULT,
                RIDER_CLAIM,
                false,
                leeway);
    }

    /** Null without an issuer, which is a problem if it is {@code needed}. */
    static @Nullable JwtConfig read(Settings settings, boolean needed) {
        String issuer = settings.key(
                        "api.jwt.issuer", "Required value of the claim iss; the roles api and live need it.")
                .textOrNull();
        String audience = settings.key("api.jwt.audience", "Required element of the claim aud.")
                .text("deloton-api");
        List<String> clientIds = settings.key(
                        "api.jwt.client-ids", "Clients whose tokens may have no claim aud, as those of Cognito.")
                .list("a list of client ids", List.of(), id -> !id.isBlank());
        String jwksUrl = settings.key(
                        "api.jwt.jwks-url",
                        "URL of the issuer's JSON Web Key Set; default that of the issuer's OpenID configuration.")
                .textOrNull();
        List<String> files = settings.key(
                        "api.jwt.key-files", "Files of public keys, PEM or JWK, instead of the issuer's key set.")
                .list("a list of files", List.of(), file -> !file.isBlank());
        Set<Algorithm> algorithms = settings.key("api.jwt.algorithms", "Accepted signature algorithms.")
                .someOf(Algorithm.class);
        ScopeRules scopes = ScopeRules.read(settings);
        String riderClaim = settings.key(
                        "api.jwt.rider-claim",
                        "Claim or path with the rider's user id, a whole number, for tokens with the scope self.")
                .text(RIDER_CLAIM);
        boolean acceptIdTokens = settings.key(
                        "api.jwt.accept-id-tokens",
                        "Whether ID tokens are accepted, for providers without JWT access tokens.")
                .flag(false);
        Duration leeway = settings.key("api.jwt.leeway", "Tolerated difference to the issuer's clock.")
                .duration("5s", "0s", "5m");
        if (needed && issuer == null) {
            settings.missing("api.jwt.issuer", "the roles api and live need it");
        }
        if (jwksUrl != null && !files.isEmpty()) {
            settings.invalid("api.jwt.key-files", "and api.jwt.jwks-url are both set; expected one of them");
        }
        if (jwksUrl != null && !isSafeUrl(jwksUrl)) {
            settings.invalid("api.jwt.jwks-url", "is not an https URL; http is allowed for a loopback host only");
            return null;
        }
        if (issuer != null && jwksUrl == null && files.isEmpty() && !isSafeUrl(issuer)) {
            settings.missing("api.jwt.jwks-url", "it cannot be discovered, since api.jwt.issuer is not an https URL");
            return null;
        }
        return issuer == null
                ? null
                : new JwtConfig(
                        issuer,
                        audience,
                        Set.copyOf(clientIds),
                        jwksUrl,
                        files.stream().map(Path::of).toList(),
                        algorithms,
                        scopes,
                        riderClaim,
                        acceptIdTokens,
                        leeway);
    }

    /** Whether the URL is https, or http to a loopback host. */
    public static boolean isSafeUrl(String url) {
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
