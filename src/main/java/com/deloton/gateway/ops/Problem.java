package com.deloton.gateway.ops;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * A refusal as RFC 9457 has it.
 *
 * @param detail for the caller to read; never what only an operator should see
 */
public record Problem(int status, String detail) {
    public static final String REQUEST_ID = "X-Request-Id";
    public static final String MEDIA_TYPE = "application/problem+json";

    /** With the request's id, if the response names it already. */
    public JsonObject json(RoutingContext context) {
        JsonObject json = json(context.normalizedPath());
        String id = context.response().headers().get(REQUEST_ID);
        return id == null ? json : json.put("requestId", id);
    }

    JsonObject json(String instance) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance);
    }

    /** Ends the response; does nothing but close if its head is already on the way. */
    public void send(RoutingContext context) {
        if (context.response().headWritten()) {
            context.request().connection().close();
            return;
        }
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(json(context).toBuffer());
    }
}
