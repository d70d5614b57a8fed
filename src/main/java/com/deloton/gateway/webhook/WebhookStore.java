package com.deloton.gateway.webhook;

import com.deloton.gateway.config.webhook.WebhookEndpoint;
import com.deloton.gateway.delivery.Backlog;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The deliveries of events: which are due, claims, results, and the state of endpoints. Triggers store the deliveries in
 * the transaction of their fact. Times are by the database's clock, which all gateways share.
 */
final class WebhookStore {
    private static final String REGISTER = """
            INSERT INTO webhook_endpoint AS e (name, events, critical_only)
            SELECT * FROM jsonb_to_recordset($1::jsonb) AS t (name text, events text[], critical_only boolean)
            ON CONFLICT (name) DO UPDATE SET events = excluded.events, critical_only = excluded.critical_only,
                configured = true""";

    private static final String UNREGISTER =
            "UPDATE webhook_endpoint SET configured = false WHERE configured AND name <> ALL ($1::text[])";

    /** An event of an alert waits for the earlier ones of the same alert. A failing endpoint gets one call at a time. */
    private static final String CLAIM = """
            WITH endpoint AS (
                SELECT name, failures FROM webhook_endpoint
                WHERE name = $1 AND configured AND disabled_at IS NULL AND retry_at <= now()
            ), picked AS MATERIALIZED (
                SELECT d.delivery_id FROM webhook_delivery d
                WHERE d.endpoint = (SELECT name FROM endpoint) AND d.status IN ('due', 'sending')
                    AND d.next_attempt_at <= now()
                    AND NOT EXISTS (SELECT FROM webhook_delivery o
                        WHERE o.endpoint = d.endpoint AND o.ride_id = d.ride_id AND o.first_s = d.first_s
                            AND o.step < d.step AND o.status IN ('due', 'sending'))
                ORDER BY d.next_attempt_at, d.delivery_id
                LIMIT (SELECT CASE WHEN failures > 0 THEN 1 ELSE $2::integer END FROM endpoint)
                FOR UPDATE OF d SKIP LOCKED
            ), claimed AS (
                UPDATE webhook_delivery d
                SET status = 'sending', attempts = d.attempts + 1,
                    next_attempt_at = now() + $3 * interval '1 millisecond'
                FROM picked p WHERE d.delivery_id = p.delivery_id
                RETURNING d.*
            ), logged AS (
                INSERT INTO webhook_attempt (delivery_id, attempt) SELECT delivery_id, attempts FROM claimed
            )
            SELECT c.delivery_id, c.webhook_id, c.event, c.attempts, e.failures, c.created_at,
                coalesce(a.received_at, c.created_at) AS since,
                CASE
                WHEN c.first_s IS NOT NULL THEN jsonb_build_object(
                    'alertId', c.ride_id || '-' || c.first_s, 'rideId', c.ride_id, 'riderId', a.rider_id,
                    'bike', coalesce(r.bike_serial, a.bike_serial), 'raisedAt', a.raised_at, 'raisedBpm', a.raised_bpm, 'high', a.high,
                    'rule', a.rule,
                    'severity', coalesce(t.severity, a.severity), 'worstBpm', t.worst_bpm,
                    'recoveredAt', CASE WHEN t.phase = 'normal' THEN t.at END,
                    'recoveredBpm', CASE WHEN t.phase = 'normal' THEN t.bpm END,
                    'acknowledgedAt', a.acknowledged_at, 'acknowledgedBy', a.acknowledged_by,
                    'minBpm', a.min_bpm, 'maxBpm', a.max_bpm, 'riderName', p.name)
                WHEN r.ride_id IS NOT NULL THEN jsonb_build_object(
                    'rideId', r.ride_id, 'riderId', r.rider_id, 'bike', r.bike_serial, 'status', r.status,
                    'startedAt', r.started_at, 'endedAt', r.ended_at, 'durationS', r.duration_s,
                    'energyKj', round(r.energy_kj::numeric, 1), 'powerMeanW', round(r.power_mean_w::numeric, 1),
                    'heartRateMeanBpm', round(r.heart_rate_mean_bpm::numeric, 1),
                    'heartRateMaxBpm', r.heart_rate_max_bpm, 'riderName', p.name)
                WHEN y.day IS NOT NULL THEN jsonb_build_object(
                    'date', y.day, 'zone', y.zone, 'revision', y.revision, 'sentAt', y.sent_at, 'rides', y.rides,
                    'riders', y.riders)
                END AS data
            FROM claimed c
            JOIN endpoint e ON e.name = c.endpoint
            LEFT JOIN alert a ON a.ride_id = c.ride_id AND a.first_s = c.first_s
            LEFT JOIN ride r ON r.ride_id = c.ride_id
            LEFT JOIN rider p ON p.rider_id = coalesce(a.rider_id, r.rider_id)
            LEFT JOIN daily_report y ON y.day = c.day
            LEFT JOIN LATERAL (
                SELECT * FROM alert_transition t WHERE t.ride_id = c.ride_id AND t.first_s = c.first_s
                ORDER BY elapsed_s DESC, at DESC LIMIT 1
            ) t ON true
            ORDER BY c.delivery_id""";

    private static final String RENEW = """
            UPDATE webhook_delivery SET next_attempt_at = now() + $3 * interval '1 millisecond'
            WHERE delivery_id = $1 AND attempts = $2 AND status = 'sending'""";

    private static final String ACCEPTED = """
            WITH delivery AS (
                UPDATE webhook_delivery SET status = 'sent', reason = NULL, sent_at = now()
                WHERE delivery_id = $1 AND status <> 'sent'
            ), endpoint AS (
                UPDATE webhook_endpoint SET failures = 0, failing_since = NULL, retry_at = now()
                WHERE name = $3 AND failing_since IS NOT NULL
            )
            UPDATE webhook_attempt SET ended_at = now(), outcome = 'accepted', http_status = $4
            WHERE delivery_id = $1 AND attempt = $2""";

    private static final String FAILED = """
            WITH delivery AS (
                UPDATE webhook_delivery
                SET status = 'due', reason = $5, next_attempt_at = now() + $6 * interval '1 millisecond'
                WHERE delivery_id = $1 AND attempts = $2 AND status = 'sending'
            ), logged AS (
                UPDATE webhook_attempt SET ended_at = now(), outcome = 'failed', http_status = $4, answer = $5
                WHERE delivery_id = $1 AND attempt = $2
            )
            UPDATE webhook_endpoint
            SET failures = failures + 1, failing_since = coalesce(failing_since, now()),
                retry_at = greatest(retry_at, now() + $7 * interval '1 millisecond'),
                disabled_at = CASE WHEN $8 OR failing_since < now() - $9 * interval '1 millisecond'
                    THEN coalesce(disabled_at, now()) END,
                disabled_reason = CASE WHEN $8 OR failing_since < now() - $9 * interval '1 millisecond'
                    THEN $5 END
            WHERE name = $3
            RETURNING disabled_at IS NOT NULL""";

    private static final String DISCARD = """
            WITH delivery AS (
                UPDATE webhook_delivery SET status = 'failed', reason = $3 WHERE delivery_id = $1 AND attempts = $2
            )
            UPDATE webhook_attempt SET ended_at = now(), outcome = 'failed', answer = $3
            WHERE delivery_id = $1 AND attempt = $2""";

    private static final String GIVE_UP = """
            UPDATE webhook_delivery d SET status = 'failed', reason = 'given up: ' || coalesce(reason, 'not called')
            WHERE status IN ('due', 'sending') AND next_attempt_at <= now()
                AND created_at < now() - $1 * interval '1 millisecond'""";

    private static final String BACKLOG = """
            SELECT count(*), coalesce(extract(epoch FROM now() - min(d.created_at)), 0)::float8
            FROM webhook_delivery d JOIN webhook_endpoint e ON e.name = d.endpoint
            WHERE d.status IN ('due', 'sending') AND e.configured AND e.disabled_at IS NULL""";

    private static final String DISABLED = """
            SELECT name, disabled_reason FROM webhook_endpoint
            WHERE configured AND disabled_at IS NOT NULL ORDER BY name LIMIT 32""";

    private final Pool pool;

    WebhookStore(Pool pool) {
        this.pool = pool;
    }

    /** Makes these the endpoints that get events from now on. The state of known ones is kept. */
    Future<Void> register(List<WebhookEndpoint> endpoints) {
        JsonArray rows = new JsonArray();
        endpoints.forEach(endpoint -> rows.add(new JsonObject()
                .put("name", endpoint.name())
                .put("events", new JsonArray(endpoint.events().stream().sorted().toList()))
                .put("critical_only", endpoint.criticalOnly())));
        String[] names = endpoints.stream().map(WebhookEndpoint::name).toArray(String[]::new);
        return pool.withTransaction(connection -> connection
                        .preparedQuery(REGISTER)
                        .execute(Tuple.of(rows))
                        .compose(done -> connection
                                .preparedQuery(UNREGISTER)
                                .execute(Tuple.tuple().addArrayOfString(names))))
                .mapEmpty();
    }

    /** Claims up to {@code max} due deliveries of an endpoint for this gateway alone until {@code lease} has passed. */
    Future<List<WebhookDelivery>> claim(String endpoint, int max, Duration lease) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(endpoint, max, lease.toMillis()))
                .map(rows -> {
                    List<WebhookDelivery> deliveries = new ArrayList<>(rows.size());
                    rows.forEach(row -> deliveries.add(delivery(row)));
                    return deliveries;
                });
    }

    private static WebhookDelivery delivery(Row row) {
        return new WebhookDelivery(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                row.getInteger(3),
                row.getInteger(4),
                row.getOffsetDateTime(5).toInstant(),
                row.getOffsetDateTime(6).toInstant(),
                row.getJsonObject(7));
    }

    /** Extends the claim by {@code lease} from now; false if another gateway has taken the claim over. */
    Future<Boolean> renew(WebhookDelivery delivery, Duration lease) {
        return pool.preparedQuery(RENEW)
                .execute(key(delivery).addLong(lease.toMillis()))
                .map(rows -> rows.rowCount() == 1);
    }

    Future<Void> accepted(WebhookDelivery delivery, String endpoint, int status) {
        return pool.preparedQuery(ACCEPTED)
                .execute(key(delivery).addString(endpoint).addInteger(status))
                .mapEmpty();
    }

    /**
     * Schedules another attempt, and disables an endpoint that has only failed for {@code disableAfter} or is gone.
     *
     * @param hold nothing is sent to the endpoint for this long
     * @return whether the endpoint is disabled
     */
    Future<Boolean> failed(
            WebhookDelivery delivery,
            String endpoint,
            CallResult.Failed failed,
            Duration wait,
            Duration hold,
            Duration disableAfter) {
        Tuple values = key(delivery)
                .addString(endpoint)
                .addInteger(failed.status())
                .addString(failed.answer())
                .addLong(wait.toMillis())
                .addLong(hold.toMillis())
                .addBoolean(failed.gone())
                .addLong(disableAfter.toMillis());
        return pool.preparedQuery(FAILED).execute(values).map(rows -> {
            for (Row row : rows) {
                return row.getBoolean(0);
            }
            return false;
        });
    }

    /** Fails a delivery for good. */
    Future<Void> discard(WebhookDelivery delivery, String reason) {
        return pool.preparedQuery(DISCARD)
                .execute(key(delivery).addString(reason))
                .mapEmpty();
    }

    /** Fails the deliveries that have waited for longer than {@code after}; the result is their number. */
    Future<Integer> giveUp(Duration after) {
        return pool.preparedQuery(GIVE_UP).execute(Tuple.of(after.toMillis())).map(SqlResult::rowCount);
    }

    /** Reads how many deliveries to enabled endpoints wait, and for how long the oldest has. */
    Future<Void> measure(Backlog backlog) {
        return pool.query(BACKLOG).execute().map(rows -> {
            Row row = rows.iterator().next();
            backlog.update(row.getLong(0), Duration.ofMillis((long) (1_000 * row.getDouble(1))));
            return null;
        });
    }

    /** The reasons of the disabled endpoints, by name. */
    Future<Map<String, String>> disabled() {
        return pool.query(DISABLED).execute().map(rows -> {
            Map<String, String> reasons = new TreeMap<>();
            rows.forEach(row -> reasons.put(row.getString(0), String.valueOf(row.getString(1))));
            return reasons;
        });
    }

    private static Tuple key(WebhookDelivery delivery) {
        return Tuple.of(delivery.deliveryId(), delivery.attempt());
    }
}
