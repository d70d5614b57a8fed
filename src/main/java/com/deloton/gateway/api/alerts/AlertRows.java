package com.deloton.gateway.api.alerts;

import com.deloton.gateway.api.query.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;

/** Columns of alerts, and their JSON as in the contract. */
public final class AlertRows {
    static final String COLUMNS = """
            a.ride_id, a.first_s, a.rider_id, a.raised_at, a.raised_bpm, a.high, a.rule, a.min_bpm, a.max_bpm, a.quiet,
            a.acknowledged_at, a.acknowledged_by, a.acknowledgement_id, a.acknowledgement_comment, a.rider_answer,
            a.silence_id AS silenced_by, coalesce(t.severity, a.severity) AS severity, t.phase,
            t.worst_bpm,
            d.status AS mail_status, d.sent_at AS mailed_at""";

    static final String JOINS = """
             LEFT JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
            LEFT JOIN LATERAL (
                SELECT phase, worst_bpm, severity FROM alert_transition t
                WHERE t.ride_id = a.ride_id AND t.first_s = a.first_s ORDER BY elapsed_s DESC, at DESC LIMIT 1
            ) t ON true""";

    /** Selects alerts with the history that {@link #detail} needs; conditions on {@code alert a} follow. */
    public static final String DETAILS = "SELECT " + COLUMNS + """
            , (SELECT coalesce(jsonb_agg(jsonb_build_object('phase', h.phase, 'elapsedS', h.elapsed_s,
                    'at', to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'bpm', h.bpm,
                    'limitBpm', h.limit_bpm) ORDER BY h.elapsed_s, h.at), '[]')
                FROM alert_transition h WHERE h.ride_id = a.ride_id AND h.first_s = a.first_s) AS transitions,
            (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('kind', m.kind, 'status', m.status,
                    'attempts', m.attempts, 'reason', m.reason,
                    'sentAt', to_char(m.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))
                    ORDER BY m.kind), '[]')
                FROM alert_delivery m WHERE m.ride_id = a.ride_id AND m.first_s = a.first_s) AS mails
            FROM alert a""" + JOINS;

    private static final String[] LIMITS = {"minBpm", "maxBpm"};
    private static final String[] COMMENT = {"acknowledgementComment"};
    private static final String[] NONE = {};

    private AlertRows() {}

    /**
     * Without {@code personal}, the limits, from which the age can be inferred, and the comment, which may name a rider, are
     * left out.
     */
    static JsonObject json(Row row, boolean personal) {
        return new Json()
                .put("alertId", row.getLong("ride_id") + "-" + row.getInteger("first_s"))
                .putColumns(row, "rideId", "riderId", "raisedAt", "raisedBpm", "high", "rule", "severity")
                .putColumns(row, personal ? LIMITS : NONE)
                .putColumns(
                        row,
                        "phase",
                        "worstBpm",
                        "quiet",
                        "mailStatus",
                        "mailedAt",
                        "acknowledgedAt",
                        "acknowledgedBy",
                        "acknowledgementId",
                        "riderAnswer",
                        "silencedBy")
                .putColumns(row, personal ? COMMENT : NONE)
                .object();
    }

    /** Without {@code personal}, the limits are left out, and the mail servers' answers, which may quote addresses. */
    public static JsonObject detail(Row row, boolean personal) {
        JsonArray mails = row.getJsonArray("mails");
        JsonArray transitions = row.getJsonArray("transitions");
        if (!personal) {
            mails.forEach(mail -> ((JsonObject) mail).remove("reason"));
            transitions.forEach(transition -> ((JsonObject) transition).remove("limitBpm"));
        }
        return new Json()
                .put("alert", json(row, personal))
                .put("transitions", transitions)
                .put("mails", mails)
                .object();
    }
}
