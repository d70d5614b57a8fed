-- Analysts see which rule raised an alert, and what its rider answered.

CREATE OR REPLACE VIEW analytics.fact_alert AS
SELECT a.ride_id AS ride_key,
       a.first_s AS episode_s,
       (a.raised_at AT TIME ZONE 'UTC')::date AS day,
       a.raised_at AT TIME ZONE 'UTC' AS raised_at_utc,
       CASE WHEN a.high THEN 'above' ELSE 'below' END AS direction,
       a.severity,
       (ARRAY['1-5', '6-10', '11-20', 'over 20'])[1 + width_bucket(
           CASE WHEN a.high THEN a.raised_bpm - a.max_bpm ELSE a.min_bpm - a.raised_bpm END,
           ARRAY[6, 11, 21])] AS beyond_band_bpm,
       CASE WHEN t.phase IN ('normal', 'ended') THEN t.elapsed_s - a.first_s END AS lasted_s,
       coalesce(d.status, 'none') AS mail_status,
       extract(epoch FROM d.sent_at - a.received_at)::double precision AS mailed_after_s,
       extract(epoch FROM a.acknowledged_at - d.sent_at)::double precision AS acknowledged_after_s,
       a.rule,
       coalesce(a.rider_answer, 'none') AS rider_answer
FROM alert a
LEFT JOIN alert_delivery d ON d.ride_id = a.ride_id AND d.first_s = a.first_s AND d.kind = 'alert'
LEFT JOIN LATERAL (
    SELECT x.phase, x.elapsed_s FROM alert_transition x WHERE x.ride_id = a.ride_id AND x.first_s = a.first_s
    ORDER BY x.elapsed_s DESC, x.at DESC LIMIT 1
) t ON true;
COMMENT ON COLUMN analytics.fact_alert.rule IS 'range, not_pedalling or no_recovery: what the heart rate broke.';
COMMENT ON COLUMN analytics.fact_alert.rider_answer IS 'sensor_fault if the rider answered that the sensor was wrong; none without an answer.';
