package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a token whose signature is not verified yet.
 *
 * @param type the header {@code typ} in lower case without {@code application/}; empty if missing
 * @param keyId null if the token names no key
 * @param signingInput the two segments that are signed
 */
record UnverifiedToken(
        Algorithm algorithm,
        String type,
        @Nullable String keyId,
        JsonObject claims,
        String signingInput,
        Buffer signature) {
    /** RFC 9068 and plain JWTs. Others, such as logout+jwt and secevent+jwt, are not access tokens. */
    private static final Set<String> TYPES = Set.of("", "jwt", "at+jwt");

    /**
     * Parses the compact serialization.
     *
     * @throws InvalidTokenException also for an algorithm that is not allowed
     */
    static UnverifiedToken parse(String token, Set<Algorithm> allowed) {
        String[] segments = token.split("\\.", -1);
        if (segments.length != 3 || segments[2].isEmpty()) {
            throw new InvalidTokenException("the token is not a signed JWT");
        }
        JsonObject header = json(segments[0]);
        if (!(header.getValue("alg") instanceof String name)) {
            throw new InvalidTokenException("the header alg is missing");
        }
        Algorithm algorithm = Algorithm.of(name);
        if (algorithm == null || !allowed.contains(algorithm)) {
            throw new InvalidTokenException("the algorithm of the header alg is not allowed");
        }
        if (header.containsKey("crit")) {
            throw new InvalidTokenException("the header crit names extensions, which are not supported");
        }
        String type = type(header);
        if (!TYPES.contains(type)) {
            throw new InvalidTokenException("the header typ does not name an access token");
        }
        return new UnverifiedToken(
                algorithm,
                type,
                keyId(header),
                json(segments[1]),
                segments[0] + "." + segments[1],
                Buffer.buffer(decode(segments[2])));
    }

    /** The compact serialization, exactly as parsed. */
    String compact() {
        return signingInput + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.getBytes());
    }

    private static String type(JsonObject header) {
        Object type = header.getValue("typ");
        if (type == null) {
            return "";
        }
        return type.toString().toLowerCase(Locale.ROOT).replaceFirst("^application/", "");
    }

    private static @Nullable String keyId(JsonObject header) {
        Object keyId = header.getValue("kid");
        if (keyId != null && !(keyId instanceof String)) {
            throw new InvalidTokenException("the header kid is not text");
        }
        return "".equals(keyId) ? null : (String) keyId;
    }

    private static JsonObject json(String segment) {
        try {
            return new JsonObject(new String(decode(segment), StandardCharsets.UTF_8));
        } catch (DecodeException e) {
            throw new InvalidTokenException("the token is not a JWT");
        }
    }

    /** Only the canonical encoding: without padding, and with zero in unused bits. */
    private static byte[] decode(String segment) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(segment);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(segment)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        throw new InvalidTokenException("the token is not canonical base64url");
    }
}
