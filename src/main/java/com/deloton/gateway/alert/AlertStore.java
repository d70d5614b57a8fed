package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AlertNotification.Kind;
import com.deloton.gateway.alert.AlertNotification.Measured;
import com.deloton.gateway.alert.AlertNotification.Recipient;
import com.deloton.gateway.alert.AlertNotification.Situation;
import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.delivery.Backlog;
import com.deloton.gateway.mail.DeliveryResult;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.heartrate.Episode;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mails about alerts: which are due, claims, results. Times are by the database's clock, which all gateways share. */
final class AlertStore {
    private static final Logger LOG = LoggerFactory.getLogger(AlertStore.class);

    private static final String CLAIM = """
            WITH picked AS MATERIALIZED (
                SELECT d.ride_id, d.first_s, d.kind
                FROM alert_delivery d
                JOIN alert a USING (ride_id, first_s)
                WHERE d.status IN ('due', 'sending') AND d.next_attempt_at <= now()
                    AND EXISTS (SELECT FROM rider r WHERE r.rider_id = a.rider_id)
                ORDER BY d.next_attempt_at
                LIMIT $1
                FOR UPDATE OF d SKIP LOCKED
            ), claimed AS (
                UPDATE alert_delivery d
                SET status = 'sending', attempts = d.attempts + 1,
                    next_attempt_at = now() + $2 * interval '1 millisecond'
                FROM picked p
                WHERE d.ride_id = p.ride_id AND d.first_s = p.first_s AND d.kind = p.kind
                RETURNING d.ride_id, d.first_s, d.kind, d.attempts, d.unconfirmed, d.created_at
            ), logged AS (
                INSERT INTO alert_attempt (ride_id, first_s, kind, attempt)
                SELECT ride_id, first_s, kind, attempts FROM claimed
            )
            SELECT c.ride_id, c.first_s, c.kind, c.attempts, a.rider_id, r.title, r.name, r.email_address,
                coalesce(s.opt_out, false), a.raised_at, a.received_at, a.raised_bpm, a.high, a.severity, a.min_bpm,
                a.max_bpm, t.at, t.bpm, c.unconfirmed, c.created_at,
                coalesce(i.bike_serial, a.bike_serial), a.first_at, l.recorded_at,
                l.heart_rate_bpm, a.rule,
                silence_of(a.rider_id, coalesce(i.bike_serial, a.bike_serial), r.address_city, now()),
                a.traceparent
            FROM claimed c
            JOIN alert a USING (ride_id, first_s)
            JOIN rider r USING (rider_id)
            LEFT JOIN rider_alert_setting s USING (rider_id)
            LEFT JOIN LATERAL (
                SELECT x.at, x.bpm FROM alert_transition x
                WHERE x.ride_id = c.ride_id AND x.first_s = c.first_s AND x.phase = 'normal'
                ORDER BY x.elapsed_s DESC LIMIT 1
            ) t ON true
            LEFT JOIN ride i ON i.ride_id = c.ride_id
            LEFT JOIN LATERAL (
                SELECT v.recorded_at, v.heart_rate_bpm FROM reading v
                WHERE v.ride_id = c.ride_id AND v.heart_rate_bpm > 0 AND c.kind = 'escalation'
                ORDER BY v.elapsed_s DESC LIMIT 1
            ) l ON true""";

    private static final String SENT = """
            WITH mail AS (
                UPDATE alert_delivery SET status = 'sent', reason = NULL, sent_at = now(), message_id = $5, unconfirmed = 0
                WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND status <> 'sent'
            )
            UPDATE alert_attempt SET ended_at = now(), outcome = 'accepted', answer = 'accepted'
            WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND attempt = $4""";

    private static final String RENEW = """
            UPDATE alert_delivery SET unconfirmed = unconfirmed + 1,
                next_attempt_at = now() + $5 * interval '1 millisecond'
            WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND status = 'sending' AND attempts = $4""";

    private static final String BACKLOG = """
            SELECT count(*), coalesce(extract(epoch FROM now() - min(d.created_at)), 0)::float8
            FROM alert_delivery d
            JOIN alert a USING (ride_id, first_s)
            WHERE d.status IN ('due', 'sending') AND EXISTS (SELECT FROM rider r WHERE r.rider_id = a.rider_id)""";

    private static final String NOT_SENT = """
            WITH mail AS (
                UPDATE alert_delivery SET status = $5, reason = $6, unconfirmed = $10,
                    next_attempt_at = now() + $7 * interval '1 millisecond'
                WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND status = 'sending' AND attempts = $4
            )
            UPDATE alert_attempt SET ended_at = now(), outcome = $8, smtp_code = $9, answer = $6
            WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND attempt = $4""";

    private static final String SILENCED = """
            WITH mail AS (
                UPDATE alert_delivery SET status = 'suppressed', reason = 'silenced'
                WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND status = 'sending' AND attempts = $4
                RETURNING kind
            ), silenced AS (
                UPDATE alert SET silence_id = $5
                WHERE ride_id = $1 AND first_s = $2 AND EXISTS (SELECT FROM mail WHERE kind = 'alert')
            )
            UPDATE alert_attempt SET ended_at = now(), outcome = 'refused', answer = 'silenced'
            WHERE ride_id = $1 AND first_s = $2 AND kind = $3 AND attempt = $4""";

    private static final String RELEASE = """
            WITH released AS (
                UPDATE alert_delivery d
                SET status = 'due', reason = NULL, created_at = now(), next_attempt_at = now()
                FROM alert a
                LEFT JOIN ride i ON i.ride_id = a.ride_id
                LEFT JOIN rider r ON r.rider_id = a.rider_id
                WHERE a.ride_id = d.ride_id AND a.first_s = d.first_s
                    AND d.status = 'suppressed' AND d.reason = 'silenced' AND d.created_at > now() - interval '1 day'
                    AND d.kind <> 'recovery' AND a.acknowledged_at IS NULL
                    AND (SELECT t.phase FROM alert_transition t WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s
                        ORDER BY t.elapsed_s DESC, t.at DESC LIMIT 1) IN ('firing', 'recovering')
                    AND silence_of(a.rider_id, coalesce(i.bike_serial, a.bike_serial), r.address_city, now()) IS NULL
                RETURNING d.ride_id, d.first_s
            )
            UPDATE alert a SET silence_id = NULL
            FROM released r WHERE a.ride_id = r.ride_id AND a.first_s = r.first_s""";

    private static final String GIVE_UP = """
            UPDATE alert_delivery SET status = 'failed', reason = 'given up: ' || coalesce(reason, 'rider unknown')
            WHERE status IN ('due', 'sending') AND next_attempt_at <= now()
                AND created_at < now() - $1 * interval '1 millisecond'""";

    private static final String FOLLOW_UP = """
            INSERT INTO alert_delivery (ride_id, first_s, kind, status)
            SELECT d.ride_id, d.first_s, k.kind, 'due'
            FROM alert_delivery d
            JOIN alert a USING (ride_id, first_s)
            CROSS JOIN LATERAL (
                SELECT 'recovery' AS kind
                WHERE $1 AND EXISTS (SELECT FROM alert_transition t
                    WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s AND t.phase = 'normal')
                UNION ALL
                SELECT 'reminder'
                WHERE a.acknowledged_at IS NULL AND d.sent_at < now() - $2::bigint * interval '1 millisecond'
                UNION ALL
                SELECT 'escalation'
                WHERE a.acknowledged_at IS NULL AND d.sent_at < now() - $3::bigint * interval '1 millisecond'
            ) k
            WHERE d.kind = 'alert' AND d.status = 'sent' AND d.sent_at > now() - interval '1 day'
            ON CONFLICT DO NOTHING""";

    private final Pool pool;

    AlertStore(Pool pool) {
        this.pool = pool;
    }

    /** Claims up to {@code max} due mails for this gateway alone until {@code lease} has passed. */
    Future<List<AlertNotification>> claim(int max, Duration lease) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(max, lease.toMillis()))
                .map(rows -> {
                    List<AlertNotification> notifications = new ArrayList<>(rows.size());
                    rows.forEach(row -> addReadable(row, notifications));
                    return notifications;
                });
    }

    /** A row of a later version that this one cannot read is left to its claim, which lapses, and holds up no other mail. */
    private static void addReadable(Row row, List<AlertNotification> notifications) {
        try {
            notifications.add(notification(row));
        } catch (RuntimeException unreadable) {
            LOG.error(
                    "The {} mail of alert {}-{} cannot be sent by this version: {}",
                    row.getString(2),
                    row.getLong(0),
                    row.getInteger(1),
                    unreadable.toString());
        }
    }

    private static AlertNotification notification(Row row) {
        return new AlertNotification(
                new AlertNotification.Key(row.getLong(0), row.getInteger(1)),
                Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                row.getInteger(3),
                new Recipient(row.getLong(4), row.getString(5), row.getString(6), row.getString(7)),
                row.getBoolean(8),
                row.getOffsetDateTime(9).toInstant(),
                row.getOffsetDateTime(10).toInstant(),
                row.getInteger(11),
                Episode.Rule.valueOf(row.getString(24).toUpperCase(Locale.ROOT)),
                row.getBoolean(12),
                row.getString(13).equals("critical"),
                new HeartRateLimits(row.getInteger(14), row.getInteger(15)),
                measured(row, 16),
                row.getInteger(18),
                row.getOffsetDateTime(19).toInstant(),
                new Situation(row.getString(20), row.getOffsetDateTime(21).toInstant(), measured(row, 22)),
                row.getLong(25),
                row.getString(26));
    }

    private static @Nullable Measured measured(Row row, int column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : new Measured(at.toInstant(), row.getInteger(column + 1));
    }

    /**
     * Extends the claim by {@code lease} from now and counts an unconfirmed attempt until the result is stored; false if
     * another gateway has taken the claim over.
     */
    Future<Boolean> renew(AlertNotification notification, Duration lease) {
        return pool.preparedQuery(RENEW)
                .execute(key(notification).addLong(lease.toMillis()))
                .map(rows -> rows.rowCount() == 1);
    }

    Future<Void> sent(AlertNotification notification, DeliveryResult.Accepted accepted) {
        return pool.preparedQuery(SENT)
                .execute(key(notification).addString(accepted.messageId()))
                .mapEmpty();
    }

    Future<Void> deferred(AlertNotification notification, DeliveryResult.Deferred deferred, Duration wait) {
        return notSent(notification, "due", deferred.answer(), wait, "deferred", deferred.code());
    }

    Future<Void> unconfirmed(AlertNotification notification, DeliveryResult.Unconfirmed result, Duration wait) {
        return notSent(notification, "due", result.answer(), wait, "unconfirmed", null);
    }

    Future<Void> refused(AlertNotification notification, DeliveryResult.Refused refused) {
        return notSent(notification, "failed", refused.answer(), Duration.ZERO, "refused", refused.code());
    }

    Future<Void> suppressed(AlertNotification notification, String reason) {
        return notSent(notification, "suppressed", reason, Duration.ZERO, "refused", null);
    }

    /** Suppresses a mail because of {@code silence}, until {@link #release}. */
    Future<Void> silenced(AlertNotification notification, long silence) {
        return pool.preparedQuery(SILENCED)
                .execute(key(notification).addLong(silence))
                .mapEmpty();
    }

    /** Makes silenced mails due whose alert still lasts and is no longer silenced. */
    Future<Void> release() {
        return pool.query(RELEASE).execute().mapEmpty();
    }

    Future<Void> failed(AlertNotification notification, String reason) {
        return notSent(notification, "failed", reason, Duration.ZERO, "refused", null);
    }

    private Future<Void> notSent(
            AlertNotification notification,
            String status,
            String reason,
            Duration wait,
            String outcome,
            @Nullable Integer code) {
        return pool.preparedQuery(NOT_SENT)
                .execute(key(notification)
                        .addString(status)
                        .addString(reason)
                        .addLong(wait.toMillis())
                        .addString(outcome)
                        .addInteger(code)
                        .addInteger(notification.unconfirmed() + (outcome.equals("unconfirmed") ? 1 : 0)))
                .mapEmpty();
    }

    private static Tuple key(AlertNotification notification) {
        return Tuple.of(
                notification.key().rideId(),
                notification.key().firstS(),
                notification.kind().label(),
                notification.attempt());
    }

    /** Reads how many mails wait, and for how long the oldest has. */
    Future<Void> measure(Backlog backlog) {
        return pool.query(BACKLOG).execute().map(rows -> {
            Row row = rows.iterator().next();
            backlog.update(row.getLong(0), Duration.ofMillis((long) (1_000 * row.getDouble(1))));
            return null;
        });
    }

    /** Fails the mails that have waited for longer than {@code after}; the result is their number. */
    Future<Integer> giveUp(Duration after) {
        return pool.preparedQuery(GIVE_UP).execute(Tuple.of(after.toMillis())).map(SqlResult::rowCount);
    }

    /** Makes recoveries, reminders and escalations of sent alerts due. */
    Future<Void> followUp(AlertConfig config) {
        return pool.preparedQuery(FOLLOW_UP)
                .execute(Tuple.of(
                        config.recoveryNotice(), millis(config.reminderAfter()), millis(config.escalateAfter())))
                .mapEmpty();
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toMillis();
    }
}
