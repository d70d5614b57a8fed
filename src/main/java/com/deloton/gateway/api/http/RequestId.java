package com.deloton.gateway.api.http;

import com.deloton.gateway.http.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Gives a request the id that its client chose, or a new one, and returns it in the response. */
final class RequestId implements Handler<RoutingContext> {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    public void handle(RoutingContext context) {
        String requested = context.request().getHeader(Problem.REQUEST_ID);
        String id = requested != null && SAFE.matcher(requested).matches()
                ? requested
                : Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        context.response().putHeader(Problem.REQUEST_ID, id);
        context.next();
    }

    static String of(RoutingContext context) {
        return Objects.requireNonNullElse(context.response().headers().get(Problem.REQUEST_ID), "none");
    }
}
