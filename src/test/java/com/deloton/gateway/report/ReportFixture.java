package com.deloton.gateway.report;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A gateway that reports, on a database whose rides the test makes up, by a clock that the test sets. */
public final class ReportFixture {
    static final ZoneId LONDON = ZoneId.of("Europe/London");

    public final Warehouse warehouse;
    final AtomicReference<Instant> time;
    final InstantSource clock;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Vertx vertx = Vertx.vertx();
    final Pool pool;
    private final AtomicInteger looks = new AtomicInteger();
    private final Connection connection;

    public ReportFixture(String now) {
        this(Warehouse.fresh(), new AtomicReference<>(Instant.parse(now)));
        warehouse.execute("INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 0)");
    }

    private ReportFixture(Warehouse warehouse, AtomicReference<Instant> time) {
        this.warehouse = warehouse;
        this.time = time;
        clock = () -> {
            looks.incrementAndGet();
            return time.get();
        };
        pool = IngestFixture.pool(vertx, warehouse);
        try {
            connection = warehouse.database().connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
        return new MailConfig(
                "127.0.0.1",
                port,
                MailConfig.Security.PLAIN,
                null,
                null,
                null,
                "gateway@deloton.example.com",
                "Deloton",
                Set.of("example.com"),
                4,
                timeout);
    }

    ReportFixture start(ReportConfig config, MailConfig mail) throws Exception {
        await(vertx.deployVerticle(new ReportVerticle(
                config,
                mail,
                "https://gateway.example.com",
                new ProcessResources(pool, meters, HealthChecks.create(vertx), clock))));
        return this;
    }

    public void close() throws Exception {
        IngestFixture.close(vertx);
        connection.close();
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

    /** On a connection of its own, since tests ask again and again. */
    long count(String where) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM daily_report WHERE " + where)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
