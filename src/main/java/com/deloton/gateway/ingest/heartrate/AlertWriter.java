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

/** Writes episodes and their steps. What is there already stays as it is, so that anything may be written twice. */
public final class AlertWriter {
    private static final String SAVE = """
            WITH told AS (
                SELECT *
                FROM jsonb_to_recordset($1::jsonb) AS t (ride_id bigint, first_s integer, rider_id bigint,
                    first_at bigint, raised_s integer, raised_at bigint, received_at bigint, raised_bpm smallint,
                    high boolean, min_bpm smallint, max_bpm smallint, severity text, quiet text)
                ORDER BY ride_id, first_s
            ), raised AS (
                INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm,
                    high, min_bpm, max_bpm, severity, quiet)
                SELECT ride_id, first_s, rider_id, 'epoch'::timestamptz + first_at * interval '1 microsecond',
                    raised_s, 'epoch'::timestamptz + raised_at * interval '1 microsecond',
                    'epoch'::timestamptz + received_at * interval '1 microsecond', raised_bpm, high, min_bpm, max_bpm,
                    severity, quiet
                FROM told
                ON CONFLICT DO NOTHING
                RETURNING ride_id, first_s, rider_id, raised_s, severity, quiet
            ), mails AS (
                INSERT INTO alert_delivery (ride_id, first_s, kind, status, reason)
                SELECT r.ride_id, r.first_s, 'alert', CASE WHEN w.quiet IS NULL THEN 'due' ELSE 'suppressed' END,
                    w.quiet
                FROM raised r
                LEFT JOIN rider_alert_setting s USING (rider_id)
                CROSS JOIN LATERAL (SELECT coalesce(
                    r.quiet,
                    CASE WHEN s.opt_out THEN 'opt_out' END,
                    CASE WHEN EXISTS (
                        SELECT FROM alert a
                        JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
                        WHERE a.ride_id = r.ride_id AND a.first_s <> r.first_s AND d.status <> 'suppressed'
                            AND ($3::integer IS NULL OR abs(r.raised_s - a.raised_s) < $3)
                    ) THEN 'cool_down' END) AS quiet) w
            ), moved AS (
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
            episodes(severity.label());
        }
    }

    /** One statement, for all of them or none. */
    public Future<Void> write(SqlClient client, List<RideHeartRateEvent> events) {
        JsonArray raised = new JsonArray();
        JsonArray steps = new JsonArray();
        for (RideHeartRateEvent event : events) {
            switch (event.signal()) {
                case HeartRateEvent.Raised r -> {
                    raised.add(row(event, r.episode()));
                    r.transitions().forEach(step -> steps.add(row(event, r.episode(), step)));
                }
                case HeartRateEvent.Changed m -> steps.add(row(event, m.episode(), m.transition()));
                case HeartRateEvent.SensorFault f -> {}
            }
        }
        return client.preparedQuery(SAVE)
                .execute(Tuple.of(raised, steps, policy.coolDownS()))
                .map(rows -> {
                    rows.forEach(row -> episodes(row.getString(0)).increment((double) row.getLong(1)));
                    return null;
                });
    }

    private Counter episodes(String severity) {
        return Counter.builder("deloton.alert.episodes")
                .description("Episodes raised, quiet ones included")
                .tag("severity", severity)
                .register(registry);
    }

    private static JsonObject row(RideHeartRateEvent event, Episode episode) {
        Episode.SuppressionReason quiet = episode.suppression();
        return new JsonObject()
                .put("ride_id", event.rideId())
                .put("first_s", episode.firstS())
                .put("rider_id", event.riderId())
                .put("first_at", episode.firstAtMicros())
                .put("raised_s", episode.raisedS())
                .put("raised_at", episode.raisedAtMicros())
                .put("received_at", event.receivedAtMicros())
                .put("raised_bpm", episode.raisedBpm())
                .put("high", episode.high())
                .put("min_bpm", episode.limits().minBpm())
                .put("max_bpm", episode.limits().maxBpm())
                .put("severity", episode.severity().label())
                .put("quiet", quiet == null ? null : quiet.name().toLowerCase(Locale.ROOT));
    }

    private static JsonObject row(RideHeartRateEvent event, Episode episode, Episode.Transition step) {
        return new JsonObject()
                .put("ride_id", event.rideId())
                .put("first_s", episode.firstS())
                .put("phase", step.phase().label())
                .put("elapsed_s", step.elapsedS())
                .put("at", step.atMicros())
                .put("bpm", step.bpm())
                .put("limit_bpm", step.limitBpm())
                .put("worst_bpm", step.worstBpm())
                .put("severity", step.severity().label());
    }
}
