package com.deloton.gateway.ingest.throughput;

import com.deloton.gateway.bench.TrackedTopic;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.testing.TestServers.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A row for each reading, by the binary COPY of the JDBC driver, with the offsets in the same transaction. One batch is written
 * while the next is read.
 */
final class CopyPipeline {
    private static final int ROWS_A_BATCH = 5_000;

    private final Connection connection;
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private CopyRows rows = new CopyRows();
    private Map<Integer, Long> offsets = new HashMap<>();
    private @Nullable Future<?> writing;

    private CopyPipeline(Connection connection) {
        this.connection = connection;
    }

    /** Returns when all readings of these messages are committed. */
    static void run(TrackedTopic topic, long messages, Database database) throws Exception {
        try (Connection connection = database.connect()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("""
                        CREATE TABLE copied_reading (ride_id bigint, elapsed_s integer, recorded_at timestamptz,
                            heart_rate_bpm smallint, cadence_rpm smallint, resistance smallint, power_w real,
                            PRIMARY KEY (ride_id, elapsed_s));
                        CREATE TABLE copied_position (partition integer PRIMARY KEY, next_offset bigint)""");
            }
            connection.setAutoCommit(false);
            CopyPipeline pipeline = new CopyPipeline(connection);
            try {
                topic.track(messages, (records, events) -> {
                    events.forEach(event -> {
                        if (event instanceof Measured measured) {
                            pipeline.rows.add(measured.rideId(), measured.reading());
                        }
                    });
                    records.nextOffsets()
                            .forEach((partition, next) -> pipeline.offsets.put(partition.partition(), next.offset()));
                    if (pipeline.rows.count() >= ROWS_A_BATCH) {
                        pipeline.flush();
                    }
                });
                pipeline.flush();
                pipeline.awaitWritten();
            } finally {
                pipeline.writer.shutdown();
            }
        }
    }

    private void flush() {
        awaitWritten();
        CopyRows batch = rows;
        Map<Integer, Long> positions = offsets;
        rows = new CopyRows();
        offsets = new HashMap<>();
        writing = writer.submit(() -> {
            write(batch, positions);
            return null;
        });
    }

    private void awaitWritten() {
        try {
            if (writing != null) {
                writing.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void write(CopyRows batch, Map<Integer, Long> positions) throws Exception {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY copied_reading FROM STDIN (FORMAT binary)", batch.end());
        writePositions(positions);
        connection.commit();
    }

    private void writePositions(Map<Integer, Long> positions) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO copied_position VALUES (?, ?)
                ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset""")) {
            for (Map.Entry<Integer, Long> position : positions.entrySet()) {
                statement.setInt(1, position.getKey());
                statement.setLong(2, position.getValue());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
