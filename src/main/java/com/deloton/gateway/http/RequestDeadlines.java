package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Closes connections whose client takes too long to send a request. An idle timeout does not: a client that sends one byte a
 * minute is never idle. For one event loop.
 */
final class RequestDeadlines implements Handler<RoutingContext> {
    private final Vertx vertx;
    private final Limits limits;
    private final Map<HttpConnection, Long> heads = new HashMap<>();

    /**
     * The longest times.
     *
     * @param head from the start of a connection to the end of the first request's headers
     * @param body from the end of the headers to the end of the body
     * @param nextHead from the end of a response to the end of the next request's headers
     */
    record Limits(Duration head, Duration body, Duration nextHead) {
        static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(75));
    }

    RequestDeadlines(Vertx vertx, Limits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /** To be called with each new connection. */
    void connected(HttpConnection connection) {
        awaitHead(connection, limits.head());
        connection.closeHandler(v -> headArrived(connection));
    }

    private void awaitHead(HttpConnection connection, Duration limit) {
        headArrived(connection);
        heads.put(connection, vertx.setTimer(limit.toMillis(), timer -> {
            heads.remove(connection);
            connection.close();
        }));
    }

    private void headArrived(HttpConnection connection) {
        Long timer = heads.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpConnection connection = request.connection();
        headArrived(connection);
        context.addEndHandler(ended -> {
            if (ended.succeeded()) {
                awaitHead(connection, limits.nextHead());
            }
        });
        if (hasBody(request)) {
            long timer = vertx.setTimer(limits.body().toMillis(), fired -> bodyMissing(context));
            context.addEndHandler(ended -> {
                if (ended.failed() || request.isEnded()) {
                    vertx.cancelTimer(timer);
                }
            });
        }
        context.next();
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    private static void bodyMissing(RoutingContext context) {
        if (!context.request().isEnded()) {
            Problem.sendAndClose(context, new Problem(408, "The body of the request did not arrive in time."));
        }
    }
}
