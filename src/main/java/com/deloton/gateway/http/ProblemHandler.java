package com.deloton.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a problem document of every refusal that no route has answered itself. */
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

    /** Vert.x forgets that a path has routes for other methods if the files' route has looked at it too. */
    private static void notFound(Router router, RoutingContext context) {
        Set<String> allowed = allowed(router, context.normalizedPath());
        if (allowed.isEmpty() || allowed.contains(context.request().method().name())) {
            new Problem(404, "There is nothing at this address.").send(context);
            return;
        }
        String methods = String.join(", ", allowed);
        context.response().putHeader(HttpHeaderNames.ALLOW, methods);
        new Problem(405, "This address takes " + methods + ".").send(context);
    }

    private static void failed(RoutingContext context) {
        int status = context.statusCode() < 400 ? 500 : context.statusCode();
        if (status >= 500 && context.failure() != null) {
            LOG.error("{} {} failed", context.request().method(), context.normalizedPath(), context.failure());
        }
        String detail = status >= 500 ? "The gateway could not answer." : "The gateway does not take this request.";
        new Problem(status, detail).send(context);
    }

    /** For what is no HTTP request, or one whose line or headers are too long. */
    static void malformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = 400;
        if (cause instanceof TooLongHttpLineException) {
            status = 414;
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = 431;
        }
        Buffer body = new Problem(status, "The gateway does not take this request.")
                .json("about:blank")
                .toBuffer();
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(body)
                .onComplete(sent -> request.connection().close());
    }

    private static Set<String> allowed(Router router, String path) {
        Set<String> methods = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.methods() != null && matches(route.getName(), path)) {
                route.methods().stream().map(HttpMethod::name).forEach(methods::add);
            }
        }
        return methods;
    }

    /** Segment by segment; {@code :name} stands for any one, {@code *} at the end for any number. */
    private static boolean matches(String pattern, String path) {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("*")) {
                return true;
            }
            if (i >= given.length || !(wanted[i].startsWith(":") || wanted[i].equals(given[i]))) {
                return false;
            }
        }
        return given.length == wanted.length
                || Arrays.stream(given, wanted.length, given.length).allMatch(String::isEmpty);
    }
}
