package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes connections whose client takes too long to send a request. An idle timeout does not: a client that sends one byte a
 * minute is never idle. A time limit for headers is exceeded by a tenth of it or a second at most. For one event loop.
 */
final class RequestDeadlines implements Handler<RoutingContext> {
    private static final long MAX_SWEEP_MS = 1_000;

    private final Vertx vertx;
    private final Limits limits;
    /** When the headers of the next request are due, as {@link System#nanoTime()}. */
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
        long shortest = Math.min(limits.head().toMillis(), limits.nextHead().toMillis());
        vertx.setPeriodic(Math.clamp(shortest / 10, 1, MAX_SWEEP_MS), sweep -> closeLate());
    }

    /** To be called with each new connection. */
    void connected(HttpConnection connection) {
        awaitHead(connection, limits.head());
        connection.closeHandler(v -> headArrived(connection));
    }

    private void awaitHead(HttpConnection connection, Duration limit) {
        heads.put(connection, System.nanoTime() + limit.toNanos());
    }

    private void headArrived(HttpConnection connection) {
        heads.remove(connection);
    }

    private void closeLate() {
        long now = System.nanoTime();
        List<HttpConnection> late = heads.entrySet().stream()
                .filter(head -> head.getValue() - now <= 0)
                .map(Map.Entry::getKey)
                .toList();
        late.forEach(connection -> {
            headArrived(connection);
            connection.close();
        });
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
