package com.deloton.gateway.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * A problem document (RFC 9457).
 *
 * @param detail shown to the client; without internals
 */
public record Problem(int status, String detail) {
    /** The request id; a problem document repeats it. */
    public static final String REQUEST_ID = "X-Request-Id";

    public static final String MEDIA_TYPE = "application/problem+json";

    /** 503 with {@code Retry-After}. */
    public static void sendUnavailable(RoutingContext context, String detail, int retryAfterS) {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfterS));
        new Problem(503, detail).send(context);
    }

    /** Sends the problem if no response was sent, and closes the connection: more of the request may follow. */
    static void sendAndClose(RoutingContext context, Problem problem) {
        HttpServerResponse response = context.response();
        HttpConnection connection = context.request().connection();
        if (response.headWritten() || response.closed()) {
            connection.close();
            return;
        }
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        response.endHandler(sent -> connection.close());
        problem.send(context);
    }

    /** Ends the response; closes the connection instead if the head is already sent. */
    public void send(RoutingContext context) {
        send(context, new JsonObject());
    }

    /** As {@link #send(RoutingContext)}, with additional members. */
    public void send(RoutingContext context, JsonObject more) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            context.request().connection().close();
            return;
        }
        JsonObject json = json(context.normalizedPath());
        String requestId = response.headers().get(REQUEST_ID);
        if (requestId != null) {
            json.put("requestId", requestId);
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(json.mergeIn(more).toBuffer());
    }

    JsonObject json(String instance) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance);
    }
}
