package com.deloton.gateway.ingest.partition;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.store.StoredSeries.Seconds;
import com.deloton.gateway.testing.Warehouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkArraysIT {
    private static final int SERIES = 50;
    private static final int SECONDS = 200;
    private static final long ZERO_AT = 1_796_000_000_123_456L;

    @Test
    void aSeriesIsRestoredAsItWasStored() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        Warehouse warehouse = Warehouse.fresh();
        warehouse.execute("INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('t', 0, 0)");
        warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, started_at, gender)
                SELECT 1, source_id, 'bike', now(), 'unknown' FROM ingest_position""");
        try (Connection connection = warehouse.database().connect()) {
            for (int i = 0; i < SERIES; i++) {
                RideSeries series = series(random);
                byte[] bytes = bytes(connection, series, random);

                RideSeries restored = new RideSeries();
                ChunkArrays.restore(restored, series.zeroAtMicros(), bytes);

                assertThat(restored.readings()).isEqualTo(series.readings());
                assertThat(restored.zeroAtMicros()).isEqualTo(series.zeroAtMicros());
                for (int second = 0; second <= SECONDS; second++) {
                    assertThat(reading(restored, second)).isEqualTo(reading(series, second));
                    assertThat(restored.isCleaned(second)).isEqualTo(series.isCleaned(second));
                }
            }
        }
    }

    private static RideSeries series(SplittableRandom random) {
        RideSeries series = new RideSeries();
        for (int second = random.nextInt(20); second < SECONDS; second += 1 + random.nextInt(3) / 2) {
            series.add(new Reading(
                    second,
                    ZERO_AT + second * 1_000_000L + random.nextInt(-900, 2_000) * 1_000L,
                    random.nextBoolean() ? 0 : random.nextInt(1, 251),
                    random.nextInt(4) == 0 ? Reading.ABSENT : random.nextInt(256),
                    random.nextInt(4) == 0 ? Reading.ABSENT : random.nextInt(101),
                    random.nextInt(4) == 0 ? Float.NaN : random.nextInt(20_000) / 10f));
            if (random.nextInt(9) == 0) {
                series.markCleaned(second);
            }
        }
        return series;
    }

    /** What PostgreSQL makes of the series, stored in chunks of random length. */
    private static byte[] bytes(Connection connection, RideSeries series, SplittableRandom random) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM reading_chunk");
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm,
                            cadence_rpm, resistance, power_w, cleaned_s) VALUES (1, ?, ?, now(), ?, ?, ?, ?, ?, ?)""");
                PreparedStatement select = connection.prepareStatement("SELECT string_agg("
                        + ChunkArrays.BYTES
                        + ", '' ORDER BY next_offset, first_s) FROM reading_chunk")) {
            delete.execute();
            int from = series.firstS();
            for (int chunk = 0; from <= series.lastS(); chunk++) {
                int to = Math.min(series.lastS(), from + random.nextInt(30));
                Seconds seconds = Seconds.of(series, from, to);
                insert.setInt(1, chunk / 2);
                insert.setInt(2, seconds.firstS());
                insert.setArray(3, connection.createArrayOf("int4", seconds.delayMs()));
                insert.setArray(4, connection.createArrayOf("int2", seconds.heartRateBpm()));
                insert.setArray(5, connection.createArrayOf("int2", seconds.cadenceRpm()));
                insert.setArray(6, connection.createArrayOf("int2", seconds.resistance()));
                insert.setArray(7, connection.createArrayOf("float4", seconds.powerW()));
                insert.setArray(
                        8, seconds.cleanedS() == null ? null : connection.createArrayOf("int4", seconds.cleanedS()));
                insert.execute();
                from = to + 1;
            }
            try (ResultSet result = select.executeQuery()) {
                result.next();
                return result.getBytes(1);
            }
        }
    }

    private static @Nullable Reading reading(RideSeries series, int second) {
        return series.has(second) ? series.get(second) : null;
    }
}
