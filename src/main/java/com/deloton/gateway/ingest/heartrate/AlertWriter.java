package com.deloton.gateway.ingest.heartrate;

import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Locale;

/**
 * Writes alerts and their transitions. Rows that exist already are left unchanged, so that a repetition is harmless. An
 * alert is silenced if a silence covers the arrival of the reading that raised it; a silenced alert begins no cool-down.
 */
public final class AlertWriter {
    private static final String SAVE = """
            WITH input AS (
                SELECT *
                FROM jsonb_to_recordset($1::jsonb) AS t (ride_id bigint, first_s integer, rider_id bigint,
                    first_at bigint, raised_s integer, raised_at bigint, received_at bigint, raised_bpm smallint,
                    high boolean, rule text, min_bpm smallint, max_bpm smallint, severity text, quiet text,
                    bike_serial text, city text, traceparent text)
                ORDER BY ride_id, first_s
            ), raised AS (
                INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm,
                    high, rule, min_bpm, max_bpm, severity, quiet, bike_serial, traceparent, silence_id)
                SELECT ride_id, first_s, rider_id, 'epoch'::timestamptz + first_at * interval '1 microsecond',
                    raised_s, 'epoch'::timestamptz + raised_at * interval '1 microsecond',
                    'epoch'::timestamptz + received_at * interval '1 microsecond', raised_bpm, high, rule, min_bpm,
                    max_bpm, severity, quiet, bike_serial, traceparent,
                    silence_of(rider_id, bike_serial, city,
                        'epoch'::timestamptz + received_at * interval '1 microsecond')
                FROM input
                ON CONFLICT DO NOTHING
                RETURNING ride_id, first_s, rider_id, raised_s, severity, quiet, silence_id
            ), deliveries AS (
                INSERT INTO alert_delivery (ride_id, first_s, kind, status, reason)
                SELECT r.ride_id, r.first_s, 'alert', CASE WHEN s.reason IS NULL THEN 'due' ELSE 'suppressed' END,
                    s.reason
                FROM raised r
                LEFT JOIN rider_alert_setting setting USING (rider_id)
                CROSS JOIN LATERAL (SELECT coalesce(
                    CASE WHEN r.quiet <> 'cool_down' OR NOT EXISTS (
                        SELECT 1 FROM alert a WHERE a.ride_id = r.ride_id AND a.silence_id IS NOT NULL
                        UNION ALL
                        SELECT 1 FROM raised a WHERE a.ride_id = r.ride_id AND a.silence_id IS NOT NULL
                    ) THEN r.quiet END,
                    CASE WHEN setting.opt_out THEN 'opt_out' END,
                    CASE WHEN EXISTS (
                        SELECT FROM alert a
                        JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
                        WHERE a.ride_id = r.ride_id AND a.first_s <> r.first_s AND d.status <> 'suppressed'
                            AND ($3::integer IS NULL OR abs(r.raised_s - a.raised_s) < $3)
                    ) THEN 'cool_down' END,
                    CASE WHEN r.silence_id IS NOT NULL THEN 'silenced' END) AS reason) s
            ), transitions AS (
                INSERT INTO alert_transition (ride_id, first_s, phase, elapsed_s, at, bpm, limit_bpm, worst_bpm,
                    severity)
                SELECT ride_id, first_s, phase, elapsed_s, 'epoch'::timestamptz + at * interval '1 microsecond', bpm,
                    limit_bpm, worst_bpm, severity
                FROM jsonb_to_recordset($2::jsonb) AS t (ride_id bigint, first_s integer, phase text,
                    elapsed_s integer, at bigint, bpm smallint, limit_bpm smallint, worst_bpm smallint, severity text)
                ORDER BY ride_id, first_s, elapsed_s
                ON CONFLICT DO NOTHING
            )
            SELECT severity, count(*) FROM raised GROUP BY severity""";

    private final MeterRegistry registry;
    private final HeartRatePolicy policy;

    public AlertWriter(MeterRegistry registry, HeartRatePolicy policy) {
        this.registry = registry;
        this.policy = policy;
        for (Episode.Severity severity : Episode.Severity.values()) {
            alerts(severity.label());
        }
    }

    /** One statement, for all of them or none. */
    public Future<Void> write(SqlClient client, List<RideHeartRateEvent> events) {
        JsonArray raised = new JsonArray();
        JsonArray transitions = new JsonArray();
        for (RideHeartRateEvent event : events) {
            switch (event.event()) {
                case HeartRateEvent.Raised r -> {
                    raised.add(row(event, r.episode()));
                    r.transitions().forEach(t -> transitions.add(row(event, r.episode(), t)));
                }
                case HeartRateEvent.Changed c -> transitions.add(row(event, c.episode(), c.transition()));
                case HeartRateEvent.SensorFault f -> {}
            }
        }
        return client.preparedQuery(SAVE)
                .execute(Tuple.of(raised, transitions, policy.coolDownS()))
                .map(rows -> {
                    rows.forEach(row -> alerts(row.getString(0)).increment((double) row.getLong(1)));
                    return null;
                });
    }

    private Counter alerts(String severity) {
        return Counter.builder("deloton.alert.episodes")
                .description("Heart-rate alerts raised, suppressed ones included")
                .tag("severity", severity)
                .register(registry);
    }

    private static JsonObject row(RideHeartRateEvent event, Episode episode) {
        Episode.SuppressionReason quiet = episode.suppression();
        return new JsonObject()
                .put("ride_id", event.rideId())
                .put("first_s", episode.firstS())
                .put("rider_id", event.riderId())
                .put("bike_serial", event.bikeSerial())
                .put("first_at", episode.firstAtMicros())
                .put("raised_s", episode.raisedS())
                .put("raised_at", episode.raisedAtMicros())
                .put("received_at", event.receivedAtMicros())
                .put("raised_bpm", episode.raisedBpm())
                .put("high", episode.high())
                .put("rule", episode.rule().label())
                .put("min_bpm", episode.limits().minBpm())
                .put("max_bpm", episode.limits().maxBpm())
                .put("severity", episode.severity().label())
                .put("quiet", quiet == null ? null : quiet.name().toLowerCase(Locale.ROOT))
                .put("city", event.city())
                .put("traceparent", event.traceparent());
    }

    private static JsonObject row(RideHeartRateEvent event, Episode episode, Episode.Transition transition) {
        return new JsonObject()
                .put("ride_id", event.rideId())
                .put("first_s", episode.firstS())
                .put("phase", transition.phase().label())
                .put("elapsed_s", transition.elapsedS())
                .put("at", transition.atMicros())
                .put("bpm", transition.bpm())
                .put("limit_bpm", transition.limitBpm())
                .put("worst_bpm", transition.worstBpm())
                .put("severity", transition.severity().label());
    }
}
