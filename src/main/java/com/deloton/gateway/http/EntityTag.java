package com.deloton.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Entity tags of responses (RFC 9110, 8.8.3). */
public final class EntityTag {
    private static final int BYTES = 12;

    private EntityTag() {}

    /** Weak: compression changes the bytes. */
    public static String weak(Buffer body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
            return "W/\"" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
