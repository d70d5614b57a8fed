package com.deloton.gateway.report;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.testing.VerticleFixture;
import com.deloton.gateway.testing.Warehouse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A gateway that reports, on a database whose rides the test makes up, by a clock that the test sets. */
public final class ReportFixture extends VerticleFixture {
    static final ZoneId LONDON = ZoneId.of("Europe/London");

    final AtomicReference<Instant> time;
    final InstantSource clock;
    private final AtomicInteger looks = new AtomicInteger();

    public ReportFixture(String now) {
        this(Warehouse.fresh(), new AtomicReference<>(Instant.parse(now)));
        warehouse.execute("INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 0)");
    }

    private ReportFixture(Warehouse warehouse, AtomicReference<Instant> time) {
        super(warehouse);
        this.time = time;
        clock = () -> {
            looks.incrementAndGet();
            return time.get();
        };
    }

    /** Another gateway on the same database, by the same clock. */
    ReportFixture beside() {
        return new ReportFixture(warehouse, time);
    }

    static ReportConfig config(int catchUpDays, Duration giveUpAfter, String... recipients) {
        return new ReportConfig(
                LocalTime.of(9, 30),
                LONDON,
                List.of(recipients),
                catchUpDays,
                true,
                20,
                false,
                null,
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                giveUpAfter);
    }

    static ReportConfig config() {
        return config(7, Duration.ofHours(1), "ceo@example.com", "staff@example.com");
    }

    static MailConfig mail(int port, Duration timeout) {
        return mail(port, "gateway@deloton.example.com", "Deloton", timeout);
    }

    ReportFixture start(ReportConfig config, MailConfig mail) throws Exception {
        await(vertx.deployVerticle(new ReportVerticle(config, mail, "https://gateway.example.com", resources(clock))));
        return this;
    }

    /** Waits until the gateway has looked several times for what is due, for a test of what it then does not do. */
    void letItLook() throws Exception {
        int enough = looks.get() + 5;
        awaitTrue(() -> looks.get() >= enough);
    }

    void set(String now) {
        time.set(Instant.parse(now));
    }

    /** An ended ride of ten minutes at 150 W and 120 bpm, of a rider named after the number. */
    public void ride(long id, @Nullable Long rider, String startedAt, String gender, @Nullable Integer age) {
        if (rider != null) {
            warehouse.execute("""
                    INSERT INTO rider (rider_id, name, gender, seen_at) VALUES (%d, '=Zoë <%d>', '%s', now())
                    ON CONFLICT DO NOTHING""".formatted(rider, rider, gender));
        }
        warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, started_at, gender, age_years, status,
                    ended_at, duration_s, moving_s, readings, energy_kj, power_mean_w, power_max_w,
                    heart_rate_mean_bpm, heart_rate_max_bpm, heart_rate_measured_s, zone_s)
                VALUES (%d, 1, 'k', %s, '%s', '%s', %s, 'completed', timestamptz '%s' + interval '10 minutes',
                    600, 600, 600, 90, 150, 300, 120, 150, 500, '{0,0,500,0,0}')""".formatted(id, rider, startedAt, gender, age, startedAt));
    }

    long count(String condition) throws SQLException {
        return count("daily_report", condition);
    }
}
