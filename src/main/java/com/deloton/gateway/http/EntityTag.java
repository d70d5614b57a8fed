package com.deloton.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Entity tags of responses (RFC 9110, 8.8.3). */
public final class EntityTag {
    private static final int BYTES = 12;

    private EntityTag() {}

    /**
     * Whether the client has the response with this tag (RFC 9110, 13.1.2). Not {@link RoutingContext#isFresh}, which never
     * matches a request with {@code Cache-Control: no-cache}: fetch adds that to each request with {@code If-None-Match}.
     *
     * @param tag weak
     */
    public static boolean isUnchanged(RoutingContext context, String tag) {
        String opaque = tag.substring(2);
        return context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals(opaque));
    }

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
