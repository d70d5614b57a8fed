package com.deloton.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.testing.TestServers.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** A migrated database to look into, and to hold against a simulator's ledger. */
public record Warehouse(Database database) {
    /** The offset up to which the records of partition {@code p} are used: held ones are not. */
    public static final String STORED_TO = """
            (SELECT coalesce(min(record_offset), p.next_offset) FROM held_record h WHERE h.source_id = p.source_id)""";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** A fresh database with the tables of this version, which a first one has got by its migrations. */
    public static Warehouse fresh() {
        Warehouse copy = new Warehouse(TestServers.copyOf(Template.MIGRATED));
        String name = copy.database.name();
        copy.execute("REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
        copy.execute("GRANT CONNECT ON DATABASE " + name + " TO deloton_analyst");
        return copy;
    }

    private static final class Template {
        static final Database MIGRATED = in(TestServers.freshDatabase()).database();
    }

    /** A database with the tables of this version. */
    public static Warehouse in(Database database) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:migrations")
                .load()
                .migrate();
        return new Warehouse(database);
    }

    public long count(String sql) {
        return ((Number) rows(sql).getFirst().getFirst()).longValue();
    }

    public List<List<Object>> rows(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<Object>> rows = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<Object> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Waits until the warehouse has taken in {@code records} records of a topic that began at offset 0. */
    public void awaitRecords(String topic, long records) {
        awaitRecords(topic, records, TIMEOUT);
    }

    public void awaitRecords(String topic, long records, Duration patience) {
        String sql = "SELECT coalesce(sum(" + STORED_TO + "), 0) FROM ingest_position p WHERE topic = '" + topic + "'";
        long deadline = System.nanoTime() + patience.toNanos();
        long taken = 0;
        while (System.nanoTime() < deadline) {
            taken = count(sql);
            if (taken >= records) {
                break;
            }
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(taken).as("records of %s in the warehouse", topic).isEqualTo(records);
    }

    /** Every ride of the ledger is there once, with its rider and every reading once, and nothing else is. */
    public void equalsLedger(List<ExpectedRide> ledger) {
        Map<String, List<List<Object>>> rides = new TreeMap<>();
        rows("SELECT stream_key, ride_id, rider_id, status FROM ride ORDER BY ride_id")
                .forEach(row -> rides.computeIfAbsent((String) row.getFirst(), k -> new ArrayList<>())
                        .add(row));
        Map<Long, Map<Integer, List<Object>>> readings = readings();
        Map<String, List<ExpectedRide>> said = new TreeMap<>();
        ledger.stream()
                .map(Warehouse::storable)
                .sorted(Comparator.comparingInt(ExpectedRide::ordinal))
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .forEach(ride -> said.computeIfAbsent(ride.bikeSerial(), k -> new ArrayList<>())
                        .add(ride));
        assertThat(rides.keySet()).isEqualTo(said.keySet());
        said.forEach((bike, bikeRides) -> {
            List<List<Object>> stored = rides.getOrDefault(bike, List.of());
            assertThat(stored).as("rides of %s", bike).hasSameSizeAs(bikeRides);
            for (int i = 0; i < stored.size(); i++) {
                ExpectedRide ride = bikeRides.get(i);
                assertThat(stored.get(i).get(2)).as("rider of %s %d", bike, i).isEqualTo(ride.riderUserId());
                assertThat(stored.get(i).get(3))
                        .isEqualTo(ride.ended() && i < stored.size() - 1 ? "completed" : "open");
                sameReadings(ride, readings.getOrDefault((Long) stored.get(i).get(1), Map.of()));
            }
        });
        long total = ledger.stream()
                .map(Warehouse::storable)
                .mapToLong(ride -> ride.readings().size())
                .sum();
        assertThat(count("SELECT count(*) FROM reading")).as("readings").isEqualTo(total);
    }

    /** The ride without a Ride line at the very end of the stream, whose Telemetry line may still come. */
    public static ExpectedRide storable(ExpectedRide ride) {
        List<ExpectedRide.ExpectedReading> all = ride.readings();
        boolean half = !ride.ended() && !all.isEmpty() && all.getLast().powerW() == null;
        return !half
                ? ride
                : new ExpectedRide(
                        ride.bikeSerial(),
                        ride.ordinal(),
                        ride.riderUserId(),
                        ride.gender(),
                        ride.dateOfBirth(),
                        ride.startMicros(),
                        ride.logOnMicros(),
                        ride.ended(),
                        all.subList(0, all.size() - 1),
                        ride.episodes(),
                        ride.faults());
    }

    private Map<Long, Map<Integer, List<Object>>> readings() {
        Map<Long, Map<Integer, List<Object>>> readings = new TreeMap<>();
        for (List<Object> row : rows("""
                SELECT ride_id, elapsed_s, heart_rate_bpm, cadence_rpm, resistance, power_w,
                    (extract(epoch FROM recorded_at) * 1000000)::bigint FROM reading""")) {
            List<Object> twice = readings.computeIfAbsent((Long) row.getFirst(), k -> new TreeMap<>())
                    .put((Integer) row.get(1), row);
            assertThat(twice).as("second stored twice").isNull();
        }
        return readings;
    }

    private static void sameReadings(ExpectedRide ride, Map<Integer, List<Object>> stored) {
        assertThat(stored)
                .as("readings of %s %d", ride.bikeSerial(), ride.ordinal())
                .hasSameSizeAs(ride.readings());
        for (ExpectedRide.ExpectedReading reading : ride.readings()) {
            assertThat(stored).as("readings of %s", ride.bikeSerial()).containsKey(reading.elapsedS());
            List<Object> row = stored.getOrDefault(reading.elapsedS(), List.of());
            assertThat(row.get(2)).isEqualTo(within(reading.heartRateBpm(), 30, 250));
            assertThat(row.get(3)).isEqualTo(within(reading.cadenceRpm(), 0, 250));
            assertThat(row.get(4)).isEqualTo(within(reading.resistance(), 0, 255));
            Double power = reading.powerW();
            assertThat(row.get(5))
                    .isEqualTo(power == null || power < 0 || power > 3_000 ? null : (Float) power.floatValue());
            assertThat(reading.atMicros() - (Long) row.get(6)).isBetween(0L, 999L);
        }
    }

    /** The value as it is stored: null if it is outside the limits. */
    public static @Nullable Integer within(@Nullable Integer value, int min, int max) {
        return value == null || value < min || value > max ? null : value;
    }
}
