package com.deloton.gateway.store;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.SqlConnection;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed statement says about the chance of a repetition, by SQLSTATE. */
public enum DatabaseFailure {
    /** The session is of no further use: it is read-only, shut down, broken or has outdated plans. */
    SESSION,
    /** The data itself is refused, now and on every repetition. */
    DATA,
    /** Another session holds a lock for longer than {@code lock_timeout}. */
    LOCK,
    /** Anything else, such as a full disk or a missing table: may pass. */
    OTHER;

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFailure.class);
    private static final Set<String> SESSION_STATES = Set.of("25006", "57P01", "57P02", "57P03", "26000");
    /** Of rows that are refused: by their values, constraints, limits, or by triggers and views of the operator. */
    private static final Set<String> DATA_CLASSES =
            Set.of("09", "0A", "21", "22", "23", "27", "2F", "38", "39", "44", "54", "P0");

    private static final String CACHED_PLAN = "cached plan must not change result type";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String TERMINATE = "SELECT pg_terminate_backend(pg_backend_pid())";

    public static DatabaseFailure of(Throwable failure) {
        if (failure instanceof PgException refused) {
            return of(Objects.requireNonNullElse(refused.getSqlState(), ""), refused);
        }
        if (failure instanceof ClosedConnectionException) {
            return SESSION;
        }
        return isEncodingFault(failure) ? DATA : OTHER;
    }

    private static DatabaseFailure of(String state, PgException refused) {
        if (state.startsWith("08") || SESSION_STATES.contains(state)) {
            return SESSION;
        }
        if (isOutdatedPlan(refused)) {
            return SESSION;
        }
        if (state.equals(LOCK_NOT_AVAILABLE)) {
            return LOCK;
        }
        return state.length() == 5 && DATA_CLASSES.contains(state.substring(0, 2)) ? DATA : OTHER;
    }

    /** Whether the tables have changed since the session prepared the statement: it succeeds when prepared again. */
    static boolean isOutdatedPlan(Throwable failure) {
        return failure instanceof PgException refused
                && String.valueOf(refused.getErrorMessage()).contains(CACHED_PLAN);
    }

    /** Whether a row refers to one that does not exist. */
    public static boolean isMissingReference(Throwable failure) {
        return failure instanceof PgException refused && "23503".equals(refused.getSqlState());
    }

    /** A value that could not even be sent, such as a time outside the range of a timestamp. */
    private static boolean isEncodingFault(Throwable failure) {
        return failure instanceof RuntimeException
                && !(failure instanceof VertxException)
                && !(failure instanceof IllegalStateException);
    }

    /** The database's words, with the SQLSTATE and without the statement's values. */
    public static String text(Throwable failure) {
        return failure instanceof PgException refused
                ? "%s (SQLSTATE %s)".formatted(refused.getErrorMessage(), refused.getSqlState())
                : String.valueOf(failure.getMessage() == null ? failure : failure.getMessage());
    }

    /**
     * Gives a connection back to its pool after {@code failure}; if the session is of no further use, it is ended, so
     * that the pool opens another.
     */
    public static Future<Void> release(SqlConnection connection, Throwable failure) {
        connection.exceptionHandler(end -> LOG.debug("A session has ended: {}", end.toString()));
        Future<Void> ended = of(failure) == SESSION
                ? connection.query(TERMINATE).execute().<Void>mapEmpty().otherwiseEmpty()
                : Future.succeededFuture();
        return ended.eventually(connection::close).otherwiseEmpty();
    }
}
