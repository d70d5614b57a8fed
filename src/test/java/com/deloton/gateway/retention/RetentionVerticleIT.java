package com.deloton.gateway.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.config.RetentionConfig;
import com.deloton.gateway.config.archive.ArchiveConfig;
import com.deloton.gateway.ops.Health;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.testing.ApiFixture;
import com.deloton.gateway.testing.IngestFixture;
import io.vertx.ext.healthchecks.CheckResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionVerticleIT {
    private static final RetentionConfig DEFAULT = RetentionConfig.defaults();

    private static final String CLEANED = "\"cleanedS\":0,";
    private static final RetentionConfig ONE_DAY = new RetentionConfig(
            Duration.ofDays(1),
            DEFAULT.quarantine(),
            DEFAULT.alerts(),
            DEFAULT.deliveryLog(),
            DEFAULT.audit(),
            DEFAULT.reportPages());

    private final IngestFixture fixture = new IngestFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void severalGatewaysDeleteExpiredRowsOnceAndInSlices() throws Exception {
        fixture.warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('deloton', 0, 1);
                INSERT INTO quarantine (source_id, record_offset, record_at, reason, detail, received_at)
                SELECT 1, n, now(), 'NOT_JSON', 'x', now() - n * interval '1 day' FROM generate_series(1, 60) n;
                INSERT INTO alert (ride_id, first_s, first_at, raised_s, raised_at, received_at, raised_bpm, high,
                    min_bpm, max_bpm, severity, stored_at)
                SELECT n, 1, at, 3, at, at, 200, true, 60, 190, 'warning', at
                FROM generate_series(1, 40) n, LATERAL (SELECT now() - n * interval '36 days') t (at);
                INSERT INTO alert_delivery (ride_id, first_s, kind, status) SELECT ride_id, 1, 'alert', 'sent' FROM alert;
                INSERT INTO alert_attempt (ride_id, first_s, kind, attempt, started_at)
                SELECT ride_id, 1, 'alert', 1, raised_at FROM alert;
                INSERT INTO audit (at, subject, action, target)
                SELECT now() - n * interval '100 days', 'x', 'x', 'x' FROM generate_series(1, 20) n;
                INSERT INTO daily_report (day, status, generated_at, figures, html)
                SELECT current_date - n, 'sent', now() - n * interval '1 day', '{"rides": 1}', '<p>'
                FROM generate_series(1, 500) n""");

        for (int gateway = 0; gateway < 2; gateway++) {
            start(DEFAULT);
        }

        awaitCount("SELECT count(*) FROM quarantine", 29);
        awaitCount("SELECT count(*) FROM alert", 20);
        awaitCount("SELECT count(*) FROM alert_attempt", 2);
        awaitCount("SELECT count(*) FROM audit", 10);
        awaitCount("SELECT count(*) FROM daily_report WHERE html IS NOT NULL", 399);
        assertThat(fixture.warehouse.count("SELECT count(*) FROM daily_report WHERE figures IS NOT NULL"))
                .isEqualTo(500);
        assertThat(fixture.warehouse.count("SELECT max(record_offset) FROM quarantine"))
                .isEqualTo(29);
        IngestFixture.awaitTrue(() -> deleted("quarantine") == 31 && deleted("alerts") == 20 && deleted("audit") == 10);
    }

    @Test
    void readingsOfExpiredDaysAreDeletedAndTheirRidesKept() throws Exception {
        fixture.start();
        fixture.ride(IngestFixture.ABNORMAL.withBikes(3).withMessages(600));
        IngestFixture.awaitTrue(() -> fixture.warehouse.count("SELECT count(*) FROM ride_series") >= 3);
        ApiFixture api = new ApiFixture(fixture.vertx(), fixture.pool(), InstantSource.system());
        long ride = fixture.warehouse.count("SELECT min(ride_id) FROM ride_series");
        String summary = api.json("getRideSummary", "ride", ride).encode();
        long minutes = fixture.warehouse.count("SELECT count(*) FROM minute");

        start(ONE_DAY);

        awaitCount("SELECT count(*) FROM ride_series", 0);
        assertThat(fixture.warehouse.count("SELECT count(*) FROM minute")).isEqualTo(minutes);
        assertThat(summary).contains(CLEANED);
        assertThat(api.json("getRideSummary", "ride", ride).encode())
                .as("cleaned seconds are stored with the readings")
                .isEqualTo(summary.replace(CLEANED, ""));
        for (String operation : new String[] {"getReadings", "exportTcx"}) {
            assertThatThrownBy(() -> api.json(operation, "ride", ride))
                    .cause()
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            gone -> assertThat(gone.status()).isEqualTo(410))
                    .hasMessage("The readings of ride %d have been deleted. Its summary is kept.", ride);
        }
        fixture.warehouse.execute("INSERT INTO archived_day (day, archived_at, dropped_at)"
                + " SELECT DISTINCT day, now(), now() FROM ride");
        assertThatThrownBy(() -> api.json("getReadings", "ride", ride))
                .hasMessageContaining(
                        "The readings of ride %d are in the archive: table archive.ride_readings, day %s. Its summary is kept.",
                        ride,
                        fixture.warehouse
                                .rows("SELECT day FROM ride WHERE ride_id = " + ride)
                                .getFirst()
                                .getFirst());
        fixture.ride(IngestFixture.ABNORMAL.withBikes(2).withMessages(300).withSeed(5));
        awaitCount("SELECT count(*) FROM ride_series", 0);
    }

    @Test
    void withAnArchiveReadingsAreDeletedOnlyOfDaysThatItHasAsTheyAre() throws Exception {
        fixture.warehouse.execute("""
                CREATE TEMPORARY TABLE t AS
                SELECT n, (now() AT TIME ZONE 'UTC')::date - n AS day FROM unnest(ARRAY[5, 6, 7, 60, 61]) n;
                SELECT ensure_day(day) FROM t WHERE n < 10;
                INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance,
                    power_w)
                SELECT day, n, 1, now(), '{0}', '{1}', '{1}', '{1}', '{1}' FROM t;
                INSERT INTO archived_day (day, archived_at, changed_at)
                SELECT day, now(), CASE n WHEN 7 THEN now() END FROM t WHERE n IN (5, 7, 60)""");

        start(ONE_DAY, new ArchiveConfig("/archive", Duration.ZERO, null, null));

        awaitCount("SELECT sum(ride_id) FROM ride_series", 6 + 7 + 61);
        assertThat(fixture.warehouse.rows("SELECT (now() AT TIME ZONE 'UTC')::date - day FROM archived_day"
                        + " WHERE dropped_at IS NOT NULL ORDER BY 1"))
                .isEqualTo(List.of(List.of(5), List.of(60)));
        fixture.warehouse.execute("UPDATE archived_day SET changed_at = NULL");
        awaitCount("SELECT sum(ride_id) FROM ride_series", 6 + 61);
    }

    @Test
    void theClosedDaysThatWaitForTheArchiveAreShownAndDoNotFailReadiness() throws Exception {
        fixture.warehouse.execute("""
                INSERT INTO archived_day (day, archived_at, changed_at, due_since)
                SELECT (now() AT TIME ZONE 'UTC')::date - n, archived_at, changed_at, due_since
                FROM (VALUES (40, now(), NULL::timestamptz, NULL::timestamptz),
                    (41, now(), now() - interval '14 hours', NULL),
                    (42, NULL, NULL, now() - interval '20 hours')) t (n, archived_at, changed_at, due_since)""");

        start(DEFAULT, new ArchiveConfig("/archive", Duration.ofHours(6), null, null));

        IngestFixture.awaitTrue(() -> gauge("deloton.archive.waiting.days") == 2);
        assertThat(gauge("deloton.archive.waiting.oldest")).isBetween(20 * 3600.0, 20 * 3600.0 + 300);
        CheckResult health = IngestFixture.await(fixture.ready().checkStatus());
        assertThat(CheckResult.isUp(health)).isTrue();
        assertThat(Health.json(health).encode()).contains("\"archive\":{\"waitingDays\":2,\"oldestWaiting\":\"20 h\"}");

        fixture.warehouse.execute(
                "UPDATE archived_day SET archived_at = now(), due_since = NULL WHERE archived_at IS NULL");
        IngestFixture.awaitTrue(() -> gauge("deloton.archive.waiting.days") == 1);
        assertThat(gauge("deloton.archive.waiting.oldest")).isBetween(14 * 3600.0, 14 * 3600.0 + 300);
    }

    private double gauge(String name) {
        return fixture.meters.get(name).gauge().value();
    }

    private void start(RetentionConfig config) throws Exception {
        start(config, ArchiveConfig.none());
    }

    private void start(RetentionConfig config, ArchiveConfig archive) throws Exception {
        IngestFixture.await(fixture.vertx()
                .deployVerticle(new RetentionVerticle(
                        config,
                        archive,
                        new ProcessResources(fixture.pool(), fixture.meters, fixture.ready(), InstantSource.system()),
                        Duration.ofMillis(20),
                        7)));
    }

    private void awaitCount(String sql, long expected) throws Exception {
        IngestFixture.awaitTrue(() -> fixture.warehouse.count(sql) == expected);
    }

    private double deleted(String kind) {
        return fixture.meters
                .get("deloton.retention.deleted")
                .tag("kind", kind)
                .counter()
                .count();
    }
}
