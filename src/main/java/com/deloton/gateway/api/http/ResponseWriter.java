package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.contract.ResponseCheck;
import com.deloton.gateway.api.request.ApiResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends what an operation has answered. */
final class ResponseWriter {
    private static final int TAG_BYTES = 12;
    private static final int SLICE_BYTES = 128 * 1024;

    private final ContractOperation operation;
    private final boolean check;

    /** @param check whether each answer is held against the contract first; one that is not right becomes a failure */
    ResponseWriter(ContractOperation operation, boolean check) {
        this.operation = operation;
        this.check = check;
    }

    void send(RoutingContext context, ApiResponse reply) {
        HttpServerResponse response = context.response();
        boolean tagged = reply.status() == 200 && context.request().method().equals(HttpMethod.GET);
        String tag = tagged ? tag(reply.body()) : null;
        if (check) {
            check(context, reply);
        }
        response.headers().addAll(reply.headers());
        response.putHeader(HttpHeaders.CACHE_CONTROL, tag == null ? "no-store" : "private, no-cache");
        response.putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding, Authorization");
        if (tag != null) {
            response.putHeader(HttpHeaders.ETAG, tag);
            if (matches(context.request().getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
                response.setStatusCode(304).end();
                return;
            }
        }
        response.setStatusCode(reply.status());
        if (reply.contentType().isEmpty()) {
            response.end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, withCharset(reply.contentType()))
                    .putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            String.valueOf(reply.body().length()));
            write(context, reply.body(), 0);
        }
    }

    /** Other requests have their turn between the slices, which are compressed on the event loop. */
    private static void write(RoutingContext context, Buffer body, int from) {
        int to = Math.min(body.length(), from + SLICE_BYTES);
        if (to == body.length()) {
            context.response().end(from == 0 ? body : body.slice(from, to));
            return;
        }
        context.response()
                .write(body.slice(from, to))
                .onSuccess(written -> context.vertx().runOnContext(v -> write(context, body, to)));
    }

    private void check(RoutingContext context, ApiResponse reply) {
        List<String> faults = ResponseCheck.faults(
                operation,
                reply.status(),
                reply.contentType(),
                context.response().headers(),
                reply.body());
        if (!faults.isEmpty()) {
            throw new IllegalStateException("the answer is not as the contract has it: " + faults);
        }
    }

    /** Weak: compression changes the bytes but not what they say. */
    static String tag(Buffer body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
            return "W/\"" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean matches(@Nullable String ifNoneMatch, String tag) {
        if (ifNoneMatch == null) {
            return false;
        }
        String opaque = tag.substring(2);
        return Arrays.stream(ifNoneMatch.split(",", -1))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals(opaque));
    }

    private static String withCharset(String mediaType) {
        return mediaType.startsWith("text/") && !mediaType.contains("charset")
                ? mediaType + "; charset=utf-8"
                : mediaType;
    }
}
