package com.deloton.gateway.wall;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of a wall token: {@code wall_} and 32 random bytes in base64url. Only its hash is stored. */
public final class WallToken {
    private static final String PREFIX = "wall_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private WallToken() {}

    /** A new token. */
    public static String create() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether a text is presented as a wall token; no JWT begins like this. */
    public static boolean hasPrefix(@Nullable String token) {
        return token != null && token.startsWith(PREFIX);
    }

    static boolean isWellFormed(String token) {
        return FORM.matcher(token).matches();
    }

    /** SHA-256; a slow hash is not needed, since a token has 256 random bits. */
    public static Buffer hash(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Buffer.buffer(digest.digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
