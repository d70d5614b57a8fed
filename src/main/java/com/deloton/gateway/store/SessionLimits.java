package com.deloton.gateway.store;

import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;

/**
 * Time limits of a pool's sessions. PostgreSQL enforces the first three; a session that the client has not heard of for
 * {@code silence} is closed on this side, whether it is in use or idle.
 *
 * @param statement a single statement
 * @param lock waiting for a lock
 * @param idleInTransaction between two statements of a transaction
 * @param silence nothing received; longer than {@code statement}
 */
public record SessionLimits(Duration statement, Duration lock, Duration idleInTransaction, Duration silence) {
    /** For ingest: a frozen gateway must release its partitions, and a lost server be noticed, within half a minute. */
    public static final SessionLimits INGEST = new SessionLimits(
            Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(25));

    /** For alert mails and webhooks, whose statements are short and must not wait long for a lost server. */
    public static final SessionLimits DELIVERY = new SessionLimits(
            Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(12));

    /** For statements without a specific limit, such as those of a report. */
    public static final SessionLimits GENERAL = ofStatement(Duration.ofSeconds(60));

    /** The limits of sessions whose statements may take this long. */
    public static SessionLimits ofStatement(Duration statement) {
        return new SessionLimits(
                statement, Duration.ofSeconds(10), Duration.ofSeconds(30), statement.plus(Duration.ofSeconds(15)));
    }

    /** The pool drops idle sessions before their silence is over, which would close one that has just been taken. */
    Duration idle() {
        return silence.multipliedBy(2).dividedBy(3);
    }

    PgConnectOptions applyTo(PgConnectOptions options) {
        return options.addProperty("statement_timeout", millis(statement))
                .addProperty("lock_timeout", millis(lock))
                .addProperty("idle_in_transaction_session_timeout", millis(idleInTransaction));
    }

    private static String millis(Duration limit) {
        return String.valueOf(limit.toMillis());
    }
}
