package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.InvalidRequestException;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.http.Problem;
import com.deloton.gateway.ops.FaultLog;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps failures to problem documents. */
final class ProblemMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);
    private static final String SECONDS_PER_HOUR = "3600";
    private static final int RETRY_AFTER_S = 5;
    private static final String QUERY_CANCELED = "57014";
    /** SQLSTATE classes: connection, resources, operator intervention, system error. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");
    /** Single states: lock not available, serialization failure, deadlock, read-only session, unknown prepared statement. */
    private static final Set<String> UNAVAILABLE_STATES = Set.of("55P03", "40001", "40P01", "25006", "26000");

    /** One for all requests: clients repeat theirs while the database is away. */
    private static final FaultLog DATABASE = new FaultLog(LOG, "API: using the database");

    private ProblemMapper() {}

    /** To be called when a request has succeeded: the database is not away. */
    static void succeeded() {
        DATABASE.succeeded();
    }

    /** For failures of Vert.x's own handlers. */
    static void send(RoutingContext context) {
        int status = context.statusCode();
        Throwable failure = context.failure();
        send(context, failure == null || status < 500 ? new HttpException(status) : failure);
    }

    static void send(RoutingContext context, Throwable failure) {
        switch (failure) {
            case InvalidRequestException invalid ->
                send(context, new Problem(400, "The request does not match the contract."), invalid.violations());
            case ApiException exception -> send(context, exception);
            case HttpException http -> send(context, http);
            default -> unexpected(context, failure);
        }
    }

    static void send(RoutingContext context, Problem problem) {
        send(context, problem, List.of());
    }

    private static void send(RoutingContext context, HttpException failure) {
        if (failure.getStatusCode() >= 500) {
            log(context, failure);
        }
        send(
                context,
                new Problem(
                        failure.getStatusCode(),
                        "The gateway rejected the request: %s."
                                .formatted(HttpResponseStatus.valueOf(failure.getStatusCode())
                                        .reasonPhrase())));
    }

    private static void send(RoutingContext context, ApiException exception) {
        String message = Objects.requireNonNullElse(exception.getMessage(), "");
        String pointer = exception.pointer();
        if (exception.status() == 429) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, SECONDS_PER_HOUR);
        }
        if (pointer == null) {
            send(context, new Problem(exception.status(), message));
        } else {
            send(
                    context,
                    new Problem(
                            exception.status(),
                            "The request matches the contract, but its values cannot be processed."),
                    List.of(new InvalidRequestException.Violation(pointer, message)));
        }
    }

    private static void unexpected(RoutingContext context, Throwable failure) {
        if (failure instanceof HttpClosedException) {
            return; // the client is gone; a log line for each would let clients fill the log
        }
        if (isTimeout(failure)) {
            LOG.warn("{} {}: a query exceeded api.statement-timeout", RequestId.of(context), context.normalizedPath());
            Problem.sendUnavailable(
                    context, "The query exceeded its time limit. Narrow the filters, or retry later.", RETRY_AFTER_S);
        } else if (isUnavailable(failure)) {
            DATABASE.failed(failure);
            LOG.debug("{} {}: the database is unavailable", RequestId.of(context), context.normalizedPath(), failure);
            Problem.sendUnavailable(context, "The warehouse is unavailable. Retry later.", RETRY_AFTER_S);
        } else {
            log(context, failure);
            send(
                    context,
                    new Problem(500, "The request failed. The gateway's log has the cause under the request id."));
        }
    }

    private static void log(RoutingContext context, Throwable failure) {
        LOG.error(
                "{} {} {} failed",
                RequestId.of(context),
                context.request().method(),
                context.normalizedPath(),
                failure);
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof PgException postgres && QUERY_CANCELED.equals(postgres.getSqlState());
    }

    /** Vert.x's pool reports a full queue or a lost connection by these types only. */
    private static boolean isUnavailable(Throwable failure) {
        if (failure instanceof PgException postgres) {
            String state = Objects.requireNonNullElse(postgres.getSqlState(), "");
            return UNAVAILABLE_STATES.contains(state)
                    || (state.length() == 5 && UNAVAILABLE_CLASSES.contains(state.substring(0, 2)));
        }
        return failure instanceof IOException
                || failure instanceof TimeoutException
                || failure instanceof VertxException
                || "io.vertx.core.impl.NoStackTraceThrowable"
                        .equals(failure.getClass().getName());
    }

    private static void send(
            RoutingContext context, Problem problem, List<InvalidRequestException.Violation> violations) {
        JsonArray errors = new JsonArray();
        violations.forEach(violation ->
                errors.add(new JsonObject().put("pointer", violation.pointer()).put("reason", violation.reason())));
        problem.send(context, errors.isEmpty() ? new JsonObject() : new JsonObject().put("errors", errors));
    }
}
