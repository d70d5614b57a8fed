package com.deloton.gateway.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The header and claims of a token whose signature is not verified yet. */
record UnverifiedToken(String algorithm, @Nullable String keyId, JsonObject claims) {
    /** 9999-12-31: larger NumericDates are errors, such as milliseconds. */
    private static final long LATEST_S = 253_402_300_799L;

    static UnverifiedToken parse(String token) {
        String[] segments = token.split("\\.", -1);
        if (segments.length != 3 || segments[2].isEmpty()) {
            throw new InvalidTokenException("the token is not a signed JWT");
        }
        JsonObject header = json(segments[0]);
        if (!(header.getValue("alg") instanceof String algorithm)) {
            throw new InvalidTokenException("the header alg is missing");
        }
        if (header.containsKey("crit")) {
            throw new InvalidTokenException("the header crit names extensions, which are not supported");
        }
        Object keyId = header.getValue("kid");
        if (keyId != null && !(keyId instanceof String)) {
            throw new InvalidTokenException("the header kid is not text");
        }
        return new UnverifiedToken(algorithm, (String) keyId, json(segments[1]));
    }

    /** Validates everything but the signature. */
    Caller caller(String issuer, String audience, Duration leeway, Instant now) {
        Instant expires = require(time("exp"), "the claim exp is missing");
        if (!now.isBefore(expires.plus(leeway))) {
            throw new InvalidTokenException("the token has expired");
        }
        notBefore("nbf", now.plus(leeway));
        notBefore("iat", now.plus(leeway));
        if (!issuer.equals(claims.getValue("iss"))) {
            throw new InvalidTokenException("the claim iss names another issuer");
        }
        if (!texts("aud").contains(audience)) {
            throw new InvalidTokenException("the claim aud names another audience");
        }
        if (!(claims.getValue("sub") instanceof String subject) || subject.isBlank()) {
            throw new InvalidTokenException("the claim sub is missing");
        }
        return new Caller(subject, texts("scope"), expires);
    }

    private void notBefore(String claim, Instant latest) {
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

    /** The elements of a list, or of text separated by spaces; empty if the claim is missing or of another type. */
    private Set<String> texts(String claim) {
        Object value = claims.getValue(claim);
        if (value instanceof String text) {
            return claim.equals("scope")
                    ? Arrays.stream(text.split(" "))
                            .filter(element -> !element.isEmpty())
                            .collect(Collectors.toUnmodifiableSet())
                    : Set.of(text);
        }
        return value instanceof JsonArray array
                ? array.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private static <T> T require(@Nullable T value, String problem) {
        if (value == null) {
            throw new InvalidTokenException(problem);
        }
        return value;
    }

    private static JsonObject json(String segment) {
        try {
            return new JsonObject(new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | DecodeException e) {
            throw new InvalidTokenException("the token is not a JWT");
        }
    }
}
