package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.contract.ResponseCheck;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.http.EntityTag;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Sends the response of an operation. */
final class ResponseWriter {
    private static final String LINK = "Link";
    private static final int SLICE_BYTES = 128 * 1024;

    private final ContractOperation operation;
    private final boolean validate;

    /** @param validate whether a response that does not match the contract becomes a failure */
    ResponseWriter(ContractOperation operation, boolean validate) {
        this.operation = operation;
        this.validate = validate;
    }

    void send(RoutingContext context, ApiResponse result) {
        HttpServerResponse response = context.response();
        HttpMethod method = context.request().method();
        boolean tagged = result.status() == 200 && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD));
        String tag = tagged ? EntityTag.weak(result.body()) : null;
        if (validate) {
            validate(context, result);
        }
        response.headers().addAll(result.headers());
        if (result.nextCursor() != null) {
            response.headers().add(LINK, nextPage(context, result.nextCursor()));
        }
        response.putHeader(HttpHeaders.CACHE_CONTROL, tag == null ? "no-store" : "private, no-cache");
        response.headers().add(HttpHeaders.VARY, "Accept, Accept-Encoding, Authorization");
        if (tag != null) {
            context.etag(tag);
            if (EntityTag.isUnchanged(context, tag)) {
                response.setStatusCode(304).end();
                return;
            }
        }
        response.setStatusCode(result.status());
        if (result.contentType().isEmpty()) {
            response.end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, withCharset(result.contentType()))
                    .putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            String.valueOf(result.body().length()));
            if (method.equals(HttpMethod.HEAD)) {
                response.end();
            } else {
                write(context, result.body(), 0);
            }
        }
    }

    /** RFC 8288: the same request with the cursor of the next page. */
    private static String nextPage(RoutingContext context, String cursor) {
        QueryStringDecoder query = new QueryStringDecoder(context.request().uri());
        QueryStringEncoder next = new QueryStringEncoder(query.rawPath());
        query.parameters().forEach((name, values) -> {
            if (!name.equals("cursor")) {
                values.forEach(value -> next.addParam(name, value));
            }
        });
        next.addParam("cursor", cursor);
        return "<" + next + ">; rel=\"next\"";
    }

    /** In slices, so that other requests proceed between them: compression runs on the event loop. */
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

    private void validate(RoutingContext context, ApiResponse result) {
        List<String> violations = ResponseCheck.violations(
                operation,
                result.status(),
                result.contentType(),
                context.response().headers(),
                result.body());
        if (!violations.isEmpty()) {
            throw new IllegalStateException("the response does not match the contract: " + violations);
        }
    }

    private static String withCharset(String mediaType) {
        return mediaType.startsWith("text/") && !mediaType.contains("charset")
                ? mediaType + "; charset=utf-8"
                : mediaType;
    }
}
