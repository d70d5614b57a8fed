package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.InvalidRequestException;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.http.Problem;
import io.vertx.core.VertxException;
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

/** Makes a problem document of whatever has kept an operation from answering. */
final class ProblemMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);
    private static final int RETRY_AFTER_S = 5;
    private static final String QUERY_CANCELED = "57014";
    /** Connection lost, too many connections, shut down or starting, out of memory or disk, locked too long. */
    private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "57", "58");

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private ProblemMapper() {}

    /** For what Vert.x's own handlers have refused. */
    static void send(RoutingContext context) {
        int status = context.statusCode();
        Throwable failure = context.failure();
        send(context, failure == null || status < 500 ? new HttpException(status) : failure);
    }

    static void send(RoutingContext context, Throwable failure) {
        switch (failure) {
            case InvalidRequestException invalid ->
                send(context, new Problem(400, "The request is not as this operation wants it."), invalid.faults());
            case ApiException refusal -> refuse(context, refusal);
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
        send(context, new Problem(failure.getStatusCode(), "The gateway does not take this request."));
    }

    private static void refuse(RoutingContext context, ApiException refusal) {
        String message = Objects.requireNonNullElse(refusal.getMessage(), "");
        String pointer = refusal.pointer();
        if (pointer == null) {
            send(context, new Problem(refusal.status(), message));
        } else {
            send(
                    context,
                    new Problem(refusal.status(), "The request is well-formed but makes no sense."),
                    List.of(new InvalidRequestException.Fault(pointer, message)));
        }
    }

    private static void unexpected(RoutingContext context, Throwable failure) {
        if (isTimeout(failure)) {
            LOG.warn("{} {}: a query was given up after its time", RequestId.of(context), context.normalizedPath());
            Problem.sendUnavailable(
                    context, "The answer would take too long; ask for less, or try again later.", RETRY_AFTER_S);
        } else if (isAway(failure)) {
            LOG.warn(
                    "{} {}: the database is away: {}",
                    RequestId.of(context),
                    context.normalizedPath(),
                    failure.toString());
            Problem.sendUnavailable(context, "The warehouse does not answer at the moment.", RETRY_AFTER_S);
        } else {
            log(context, failure);
            send(context, new Problem(500, "The gateway could not answer."));
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

    /** Vert.x's pool tells of its own refusals with exceptions of these types only. */
    private static boolean isAway(Throwable failure) {
        if (failure instanceof PgException postgres) {
            String state = Objects.requireNonNullElse(postgres.getSqlState(), "");
            return LOCK_NOT_AVAILABLE.equals(state)
                    || (state.length() == 5 && AWAY_CLASSES.contains(state.substring(0, 2)));
        }
        return failure instanceof IOException
                || failure instanceof TimeoutException
                || failure instanceof VertxException
                || "io.vertx.core.impl.NoStackTraceThrowable"
                        .equals(failure.getClass().getName());
    }

    private static void send(RoutingContext context, Problem problem, List<InvalidRequestException.Fault> faults) {
        JsonArray errors = new JsonArray();
        faults.forEach(fault ->
                errors.add(new JsonObject().put("pointer", fault.pointer()).put("reason", fault.reason())));
        problem.send(context, errors.isEmpty() ? new JsonObject() : new JsonObject().put("errors", errors));
    }
}
