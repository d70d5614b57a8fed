package com.deloton.gateway.report;

import com.deloton.gateway.delivery.Backlog;
import com.deloton.gateway.report.ReportSchedule.Due;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.FiguresJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of the daily reports: which are due, claims, results. Times are by the database's clock, which all gateways share. */
public final class ReportStore {
    /** Event-bus address that starts the making of due reports; the body is the day. */
    public static final String DUE = "report.due";

    /**
     * A report is due by the gateway's and the database's clock, since a gateway whose clock is ahead would report a day
     * that is not over. Missed reports are sent later: those after the latest report, but none from before the warehouse
     * was set up.
     */
    private static final String SCHEDULE = """
            WITH known AS (
                SELECT max(day) AS latest FROM daily_report WHERE requested_by = 'schedule'
            ), warehouse AS (
                SELECT least((SELECT min(started_at) FROM ride),
                    (SELECT min(installed_on)::timestamptz FROM flyway_schema_history)) AS since
            )
            INSERT INTO daily_report (day, zone, requested_by)
            SELECT w.day, $3, 'schedule'
            FROM unnest($1::date[], $2::timestamptz[]) AS w (day, due_at), known, warehouse
            WHERE w.due_at <= now() AND w.day >= (since AT TIME ZONE $3)::date
                AND w.day > coalesce(latest, (SELECT max(day) - 1 FROM unnest($1::date[]) AS d (day)))
            ON CONFLICT DO NOTHING
            RETURNING day""";

    private static final String CLAIM = """
            UPDATE daily_report
            SET attempts = CASE status WHEN 'due' THEN 1 ELSE attempts + 1 END,
                revision = revision + CASE status WHEN 'due' THEN 1 ELSE 0 END,
                unconfirmed = CASE status WHEN 'due' THEN 0 ELSE unconfirmed END,
                status = 'running', zone = $1, next_attempt_at = now() + $2 * interval '1 millisecond'
            WHERE day = (
                SELECT day FROM daily_report
                WHERE status = 'due' OR status IN ('running', 'ready') AND next_attempt_at <= now()
                ORDER BY day LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING day, zone, revision, attempts, unconfirmed""";

    private static final String BEGIN = """
            INSERT INTO daily_report AS r (day, zone, requested_by, status, revision, attempts, next_attempt_at)
            VALUES ($1, $2, $3, 'running', 1, 1, now() + $4 * interval '1 millisecond')
            ON CONFLICT (day) DO UPDATE
            SET zone = excluded.zone, requested_by = excluded.requested_by, requested_at = now(), status = 'running',
                revision = r.revision + 1, attempts = 1, unconfirmed = 0, next_attempt_at = excluded.next_attempt_at
            WHERE r.status NOT IN ('running', 'ready') OR r.next_attempt_at <= now()
            RETURNING day, zone, revision, attempts, unconfirmed""";

    private static final String CLAIMED =
            " WHERE day = $1 AND revision = $2 AND attempts = $3 AND status IN ('running', 'ready')";

    private static final String RENEW =
            "UPDATE daily_report SET next_attempt_at = greatest(next_attempt_at, now() + $4 * interval '1 millisecond')"
                    + CLAIMED;

    private static final String TRANSMIT =
            "UPDATE daily_report SET unconfirmed = unconfirmed + 1, next_attempt_at = now() + $4 * interval '1 millisecond'"
                    + CLAIMED;

    private static final String BACKLOG = """
            SELECT count(*), coalesce(extract(epoch FROM now() - min(requested_at)), 0)::float8
            FROM daily_report WHERE status IN ('due', 'running', 'ready')""";

    private static final String READY = """
            UPDATE daily_report
            SET status = 'ready', generated_at = now(), rides = $4, riders = $5, figures = $6, html = $7,
                plain_text = $8, csv = $9, reason = NULL""" + CLAIMED;

    private static final String SENT = """
            UPDATE daily_report
            SET status = 'sent', sent_at = now(), message_id = $4, recipients = $5, reason = NULL, unconfirmed = 0""" + CLAIMED;

    private static final String POSTPONED = """
            UPDATE daily_report
            SET status = CASE WHEN $6 < 0 OR requested_at < now() - $6 * interval '1 millisecond'
                    THEN 'failed' ELSE status END,
                reason = $4, unconfirmed = $7, next_attempt_at = now() + $5 * interval '1 millisecond'""" + CLAIMED + " RETURNING status";

    /** Requests a new revision. Parameters: day, zone, requested by. Publish the day to {@link #DUE} to start at once. */
    public static final String RUN_AGAIN = """
            INSERT INTO daily_report (day, zone, requested_by) VALUES ($1, $2, $3)
            ON CONFLICT (day) DO UPDATE
            SET status = 'due', requested_by = excluded.requested_by, requested_at = now(), reason = NULL""";

    private final Pool pool;

    public ReportStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * A report that this gateway alone makes until its lease ends.
     *
     * @param revision 1 for the first report of the day
     * @param attempt 1 for the first of this revision
     * @param unconfirmed earlier attempts of this revision that may have delivered the mail
     */
    record Claim(LocalDate day, ZoneId zone, int revision, int attempt, int unconfirmed) {

        /** The same at each attempt, different for each revision; without angle brackets. */
        String messageId(String domain) {
            return "daily-report-%s-%d@%s".formatted(day, revision, domain);
        }
    }

    /** Inserts the days that are due and not yet known; the result is these days. */
    Future<List<LocalDate>> schedule(List<Due> due, ZoneId zone) {
        return pool.preparedQuery(SCHEDULE)
                .execute(Tuple.of(
                        due.stream().map(Due::day).toArray(LocalDate[]::new),
                        due.stream().map(d -> d.at().atOffset(ZoneOffset.UTC)).toArray(OffsetDateTime[]::new),
                        zone.getId()))
                .map(rows -> {
                    List<LocalDate> days = new ArrayList<>();
                    rows.forEach(row -> days.add(row.getLocalDate(0)));
                    return days;
                });
    }

    /** Claims the oldest report that is due or whose claim has lapsed; null without one. */
    Future<@Nullable Claim> claim(ZoneId zone, Duration lease) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(zone.getId(), lease.toMillis()))
                .map(ReportStore::claim);
    }

    /** Claims a new revision at once; null if another gateway has a claim on that day. */
    Future<@Nullable Claim> begin(LocalDate day, ZoneId zone, String requestedBy, Duration lease) {
        return pool.preparedQuery(BEGIN)
                .execute(Tuple.of(day, zone.getId(), requestedBy, lease.toMillis()))
                .map(ReportStore::claim);
    }

    private static @Nullable Claim claim(RowSet<Row> rows) {
        for (Row row : rows) {
            return new Claim(
                    row.getLocalDate(0),
                    ZoneId.of(row.getString(1)),
                    row.getInteger(2),
                    row.getInteger(3),
                    row.getInteger(4));
        }
        return null;
    }

    /** Extends the claim by a lease from now; has no effect on a claim that another gateway has taken over. */
    Future<Void> renew(Claim claim, Duration lease) {
        return update(RENEW, key(claim).addLong(lease.toMillis()));
    }

    /**
     * Extends the claim and counts an unconfirmed attempt until the result is stored; false if another gateway has taken
     * the claim over.
     */
    Future<Boolean> transmit(Claim claim, Duration lease) {
        return pool.preparedQuery(TRANSMIT)
                .execute(key(claim).addLong(lease.toMillis()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Reads how many reports wait, and for how long the oldest has. */
    Future<Void> measure(Backlog backlog) {
        return pool.query(BACKLOG).execute().map(rows -> {
            Row row = rows.iterator().next();
            backlog.update(row.getLong(0), Duration.ofMillis((long) (1_000 * row.getDouble(1))));
            return null;
        });
    }

    /** Stores the documents before the mail is sent. */
    Future<Void> ready(Claim claim, ReportDocuments archive) {
        DailyFigures figures = archive.figures();
        return update(
                READY,
                key(claim)
                        .addInteger(figures.totals().counts().rides())
                        .addInteger(figures.totals().counts().riders())
                        .addJsonObject(FiguresJson.of(figures))
                        .addString(archive.page())
                        .addString(archive.text())
                        .addString(archive.figuresCsv()));
    }

    Future<Void> sent(Claim claim, String messageId, int recipients) {
        return update(SENT, key(claim).addString(messageId).addInteger(recipients));
    }

    /** Schedules a retry after {@code wait}; true if {@code giveUpAfter} has passed since the request and it failed instead. */
    Future<Boolean> postponed(Claim claim, String reason, int unconfirmed, Duration wait, Duration giveUpAfter) {
        return postponed(key(claim)
                .addString(reason)
                .addLong(wait.toMillis())
                .addLong(giveUpAfter.toMillis())
                .addInteger(unconfirmed));
    }

    /** Fails the report for good; always true. */
    Future<Boolean> failed(Claim claim, String reason) {
        return postponed(key(claim).addString(reason).addLong(0L).addLong(-1L).addInteger(claim.unconfirmed()));
    }

    private Future<Boolean> postponed(Tuple values) {
        return pool.preparedQuery(POSTPONED).execute(values).map(rows -> {
            for (Row row : rows) {
                return row.getString(0).equals("failed");
            }
            return false;
        });
    }

    private Future<Void> update(String sql, Tuple values) {
        return pool.preparedQuery(sql).execute(values).mapEmpty();
    }

    private static Tuple key(Claim claim) {
        return Tuple.of(claim.day(), claim.revision(), claim.attempt());
    }
}
