package com.deloton.gateway.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a problem document for every error that no route has handled. */
final class ProblemHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    private ProblemHandler() {}

    static void install(Router router) {
        router.errorHandler(404, context -> notFound(router, context));
        router.errorHandler(405, context -> notFound(router, context));
        for (int status : new int[] {400, 401, 403, 406, 408, 413, 414, 415, 429, 431, 500, 501, 503}) {
            router.errorHandler(status, ProblemHandler::failed);
        }
    }

    /** Vert.x loses the methods of a path when the route of the static files matches it too. */
    private static void notFound(Router router, RoutingContext context) {
        AllowedMethods allowed = new AllowedMethods();
        for (Route route : router.getRoutes()) {
            if (route.methods() != null) {
                route.methods().forEach(method -> allowed.add(route.getName(), method.name()));
            }
        }
        if (context.request().method().equals(HttpMethod.OPTIONS) && allowed.sendOptions(context)) {
            return;
        }
        allowed.problem(context).send(context);
    }

    private static void failed(RoutingContext context) {
        int status = context.statusCode() < 400 ? 500 : context.statusCode();
        if (context.failure() instanceof HttpClosedException) {
            return; // the client is gone; a log line for each would let clients fill the log
        }
        if (status >= 500 && context.failure() != null) {
            LOG.error("{} {} failed", context.request().method(), context.normalizedPath(), context.failure());
        }
        new Problem(status, detail(status)).send(context);
    }

    private static String detail(int status) {
        return status >= 500
                ? "The request failed. The gateway's log has the cause."
                : "The gateway rejected the request: %s."
                        .formatted(HttpResponseStatus.valueOf(status).reasonPhrase());
    }

    /** For input that is not HTTP, or whose request line or headers are too long. */
    static void malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = 400;
        if (cause instanceof TooLongHttpLineException) {
            status = 414;
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = 431;
        }
        Buffer body = new Problem(status, detail(status)).json("about:blank").toBuffer();
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(body)
                .onComplete(sent -> request.connection().close());
    }
}
