package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.await;

import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.testing.VerticleFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alert verticles on a database whose episodes the test makes up. */
final class AlertFixture extends VerticleFixture {
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final AlertConfig CONFIG = config(false, null, null);

    AlertFixture() {
        this(Warehouse.fresh());
    }

    /** Another gateway on the same database. */
    AlertFixture(Warehouse warehouse) {
        super(warehouse);
    }

    static AlertConfig config(boolean recovery, @Nullable Duration reminder, @Nullable Duration escalation) {
        return config(Duration.ofMinutes(2), recovery, reminder, escalation);
    }

    static AlertConfig staleAfter(Duration limit) {
        return config(limit, false, null, null);
    }

    private static AlertConfig config(
            Duration staleAfter, boolean recovery, @Nullable Duration reminder, @Nullable Duration escalation) {
        return new AlertConfig(
                Duration.ofMillis(100),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                Duration.ofHours(1),
                staleAfter,
                Duration.ofHours(1),
                recovery,
                reminder,
                escalation,
                List.of("staff@example.com", "else@deloton.invalid"),
                ZoneId.of("Europe/London"),
                SECRET,
                Duration.ofDays(7));
    }

    static MailConfig mail(int port) {
        return mail(port, Duration.ofSeconds(5));
    }

    static MailConfig mail(int port, Duration timeout) {
        return mail(port, "alerts@deloton.example.com", "Deloton (alerts)", timeout);
    }

    AlertFixture start(AlertConfig config, MailConfig mail) throws Exception {
        await(vertx.deployVerticle(
                new AlertVerticle(config, mail, "https://gateway.example.com", resources(InstantSource.system()))));
        return this;
    }

    void rider(long id, @Nullable String title, @Nullable String name, @Nullable String address) throws Exception {
        await(pool.preparedQuery("""
                        INSERT INTO rider (rider_id, title, name, gender, email_address, seen_at)
                        VALUES ($1, $2, $3, 'unknown', $4, now())""").execute(Tuple.of(id, title, name, address)));
    }

    /** Stores what a watch tells of these heart rates, second by second. */
    void hearts(long rideId, long riderId, int... hearts) throws Exception {
        HeartRateWatch watch = new HeartRateWatch(HeartRatePolicy.DEFAULT, new HeartRateLimits(50, 180), false);
        long now = System.currentTimeMillis() * 1_000;
        List<RideHeartRateEvent> events = new java.util.ArrayList<>();
        for (int i = 0; i < hearts.length; i++) {
            watch.accept(new Reading(i + 1, now + i * 1_000_000L, hearts[i], 60, 30, 12f))
                    .forEach(signal ->
                            events.add(new RideHeartRateEvent(rideId, riderId, null, null, now, signal, null)));
        }
        await(new AlertWriter(meters, HeartRatePolicy.DEFAULT).write(pool, events));
    }

    /** Stores the ride of an alert, with these heart rates from its second 1 on; 0 is not measured. */
    void ride(long rideId, long riderId, String bike, int... hearts) {
        String values = java.util.Arrays.stream(hearts)
                .mapToObj(bpm -> bpm == 0 ? "NULL" : String.valueOf(bpm))
                .collect(java.util.stream.Collectors.joining(","));
        warehouse.execute("""
                INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', %1$d, 0);
                INSERT INTO bike (bike_serial, first_seen_at, last_seen_at) VALUES ('%3$s', now(), now());
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender)
                SELECT %1$d, max(source_id), '%3$s', %2$d, '%3$s', now() - interval '10 minutes', 'unknown'
                FROM ingest_position;
                INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                    resistance, power_w)
                SELECT %1$d, 1, 1, now() - interval '10 minutes', array_fill(0, ARRAY[%4$d]), ARRAY[%5$s]::smallint[],
                    array_fill(60::smallint, ARRAY[%4$d]), array_fill(30::smallint, ARRAY[%4$d]),
                    array_fill(120::real, ARRAY[%4$d])""".formatted(rideId, riderId, bike, hearts.length, values));
    }

    /** A delay of a scripted server, not of a test. */
    void awaitMillis(long millis) {
        java.util.concurrent.locks.LockSupport.parkNanos(millis * 1_000_000);
    }

    void execute(String sql) throws Exception {
        await(pool.query(sql).execute());
    }

    long count(String condition) throws SQLException {
        return count("alert_delivery", condition);
    }
}
