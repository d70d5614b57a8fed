package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Validates the claims of a token, in the forms that identity providers give them. */
final class Claims {
    /** 9999-12-31: larger NumericDates are errors, such as milliseconds. */
    private static final long LATEST_S = 253_402_300_799L;

    private static final Pattern RIDER = Pattern.compile("[1-9][0-9]{0,17}");

    /** The client id: RFC 9068, OpenID Connect and Entra ID v2, Entra ID v1, Okta. */
    private static final List<String> CLIENT_ID = List.of("client_id", "azp", "appid", "cid");

    /** Only ID tokens have these, besides an access token of Dex. */
    private static final List<String> ID_TOKEN = List.of("nonce", "at_hash", "c_hash");

    private final JsonObject claims;
    private final JwtConfig config;

    private Claims(JsonObject claims, JwtConfig config) {
        this.claims = claims;
        this.config = config;
    }

    /**
     * The caller that the claims name.
     *
     * @throws InvalidTokenException if the token is not an access token for this API at this time
     */
    static Caller caller(UnverifiedToken token, JwtConfig config, Instant now) {
        Claims claims = new Claims(token.claims(), config);
        Instant expires = claims.time("exp");
        if (expires == null) {
            throw new InvalidTokenException("the claim exp is missing");
        }
        if (!now.isBefore(expires.plus(config.leeway()))) {
            throw new InvalidTokenException("the token has expired");
        }
        claims.requireNotAfter("nbf", now.plus(config.leeway()));
        claims.requireNotAfter("iat", now.plus(config.leeway()));
        if (!config.issuer().equals(claims.claims.getValue("iss"))) {
            throw new InvalidTokenException("the claim iss names another issuer");
        }
        claims.requireAudience();
        if (!config.acceptIdTokens() && !token.type().equals("at+jwt") && claims.isIdToken()) {
            throw new InvalidTokenException("the token is an ID token, not an access token");
        }
        return new Caller(claims.subject(), claims.scopes(), expires, claims.rider());
    }

    private void requireAudience() {
        Object audience = claims.getValue("aud");
        boolean accepted =
                audience == null ? isAcceptedClient() : elements(audience).anyMatch(config.audience()::equals);
        if (!accepted) {
            throw new InvalidTokenException(
                    audience == null
                            ? "the claim aud is missing, and the client id is not one of api.jwt.client-ids"
                            : "the claim aud names another audience");
        }
    }

    private boolean isAcceptedClient() {
        String clientId = clientId();
        return clientId != null && config.clientIds().contains(clientId);
    }

    /** By the marks of Cognito and Keycloak, or by a claim of ID tokens when the audience is the client itself. */
    private boolean isIdToken() {
        if ("id".equals(claims.getValue("token_use")) || "ID".equals(claims.getValue("typ"))) {
            return true;
        }
        String clientId = clientId();
        boolean forClient = clientId == null || elements(claims.getValue("aud")).anyMatch(clientId::equals);
        return forClient && ID_TOKEN.stream().anyMatch(claims::containsKey);
    }

    /** The client id for tokens of client credentials that have no {@code sub}. */
    private String subject() {
        Object subject = claims.getValue("sub");
        if (subject != null && !(subject instanceof String)) {
            throw new InvalidTokenException(
                    "the claim sub is not text (RFC 7519, section 4.1.2); expected for example \"42\" instead of 42");
        }
        String named = subject instanceof String text ? text : clientId();
        if (named == null || named.isBlank()) {
            throw new InvalidTokenException("the claim sub is missing");
        }
        return named;
    }

    private @Nullable String clientId() {
        return CLIENT_ID.stream()
                .map(claims::getValue)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElse(null);
    }

    private Set<String> scopes() {
        JwtConfig.ScopeRules rules = config.scopes();
        return rules.claims().stream()
                .map(this::find)
                .filter(Objects::nonNull)
                .flatMap(Claims::values)
                .flatMap(value -> scopes(value, rules))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A whole number, or its decimal digits as text; anything else names no rider. */
    private @Nullable Long rider() {
        Object value = find(config.riderClaim());
        String text = value instanceof Integer || value instanceof Long || value instanceof String ? "" + value : "";
        return RIDER.matcher(text).matches() ? (Long) Long.parseLong(text) : null;
    }

    private static Stream<String> scopes(String value, JwtConfig.ScopeRules rules) {
        List<String> mapped = rules.map().get(value);
        if (mapped != null) {
            return mapped.stream();
        }
        return Stream.of(
                value.startsWith(rules.prefix())
                        ? value.substring(rules.prefix().length())
                        : value);
    }

    /** The claim of exactly this name, else the member at the dotted path. */
    private @Nullable Object find(String name) {
        Object found = claims.getValue(name);
        if (found != null) {
            return found;
        }
        Object at = claims;
        for (String segment : name.split("\\.", -1)) {
            at = at instanceof JsonObject object ? object.getValue(segment) : null;
        }
        return at;
    }

    /** The words of text, the texts of a list, or the names of an object's members. */
    private static Stream<String> values(Object value) {
        return switch (value) {
            case String text -> Arrays.stream(text.split("[ ,]+")).filter(word -> !word.isEmpty());
            case JsonObject object -> object.fieldNames().stream();
            default -> elements(value);
        };
    }

    private static Stream<String> elements(@Nullable Object value) {
        if (value instanceof JsonArray array) {
            return array.stream().filter(String.class::isInstance).map(String.class::cast);
        }
        return value instanceof String text ? Stream.of(text) : Stream.empty();
    }

    private void requireNotAfter(String claim, Instant latest) {
        Instant time = time(claim);
        if (time != null && time.isAfter(latest)) {
            throw new InvalidTokenException("the token is not valid yet");
        }
    }

    private @Nullable Instant time(String claim) {
        Object value = claims.getValue(claim);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number number) || number.doubleValue() < 0 || number.doubleValue() > LATEST_S) {
            throw new InvalidTokenException("the claim " + claim + " is not a time in seconds");
        }
        return Instant.ofEpochSecond(number.longValue());
    }
}
