package com.deloton.gateway.store;

import com.deloton.gateway.config.DatabaseConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored position of each Kafka partition, for an operator to look at and to move. A move takes the partition from its
 * owner, which restores its state and continues from the new position. Every change is audited. Everything here blocks.
 */
public final class IngestPositions {
    private static final String LIST = """
            SELECT topic, partition, next_offset, epoch, topic_id, last_record_at FROM ingest_position
            ORDER BY topic, partition""";

    private static final String SKIP = """
            WITH former AS (
                SELECT source_id, next_offset FROM ingest_position WHERE topic = ? AND partition = ? FOR UPDATE
            ), moved AS (
                UPDATE ingest_position p
                SET next_offset = ?, epoch = epoch + 1, truncated_at = NULL, updated_at = now()
                FROM former f WHERE p.source_id = f.source_id AND f.next_offset < ?
                RETURNING f.next_offset AS former
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail)
                SELECT ?, 'skip_records', 'partition/' || ? || '-' || ?,
                    jsonb_build_object('from', former, 'to', ?::bigint, 'reason', ?)
                FROM moved
            )
            SELECT former FROM moved""";

    private static final String END_OPEN_RIDES = """
            UPDATE ride r
            SET status = 'abandoned', ended_at = coalesce(
                    (SELECT max(recorded_at) FROM reading x WHERE x.ride_id = r.ride_id), r.started_at),
                (duration_s, readings, energy_kj, power_mean_w, power_max_w, heart_rate_mean_bpm, heart_rate_max_bpm,
                    heart_rate_measured_s, cadence_mean_rpm, moving_s) =
                (SELECT coalesce(duration_s, 0), readings, energy_kj, power_mean_w, power_max_w, heart_rate_mean_bpm,
                    heart_rate_max_bpm, heart_rate_measured_s, cadence_mean_rpm, 0 FROM live_figures(r.ride_id))
            WHERE status = 'open' AND source_id IN (
                SELECT source_id FROM ingest_position WHERE topic = ? AND partition = coalesce(?, partition))""";

    private static final String DROP_HELD_RECORDS = """
            DELETE FROM held_record WHERE source_id IN (
                SELECT source_id FROM ingest_position WHERE topic = ? AND partition = coalesce(?, partition))""";

    private static final String CONTINUE_AT = """
            WITH renamed AS (
                UPDATE ingest_position
                SET topic = topic || ' until ' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                    epoch = epoch + 1, updated_at = now()
                WHERE topic = ? AND partition = ? AND next_offset >= ?
                RETURNING next_offset, topic_id, created_at, topic_partitions
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail)
                SELECT ?, 'continue_partition', 'partition/' || ? || '-' || ?,
                    jsonb_build_object('from', next_offset, 'to', ?::bigint, 'reason', ?)
                FROM renamed
            )
            SELECT next_offset, topic_id, created_at, topic_partitions FROM renamed""";

    private static final String ADD = """
            INSERT INTO ingest_position (topic, partition, next_offset, topic_id, created_at, topic_partitions)
            VALUES (?, ?, ?, ?, ?, ?)""";

    private static final String START_OVER = """
            WITH renamed AS (
                UPDATE ingest_position
                SET topic = topic || ' until ' || to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                    epoch = epoch + 1, updated_at = now()
                WHERE topic = ?
                RETURNING 1
            ), audited AS (
                INSERT INTO audit (subject, action, target, detail)
                SELECT ?, 'start_topic_over', 'topic/' || ?, jsonb_build_object('partitions', count(*), 'reason', ?)
                FROM renamed HAVING count(*) > 0
            )
            SELECT count(*) FROM renamed""";

    private final DatabaseConfig config;

    public IngestPositions(DatabaseConfig config) {
        this.config = config;
    }

    public record Row(
            String topic,
            int partition,
            long nextOffset,
            long epoch,
            @Nullable String topicId,
            @Nullable String lastRecordAt) {}

    public List<Row> list() throws SQLException {
        try (Connection connection = Migrations.gatewaySource(config).getConnection();
                PreparedStatement query = connection.prepareStatement(LIST);
                ResultSet found = query.executeQuery()) {
            List<Row> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(new Row(
                        found.getString(1),
                        found.getInt(2),
                        found.getLong(3),
                        found.getLong(4),
                        found.getString(5),
                        found.getString(6)));
            }
            return rows;
        }
    }

    /**
     * Moves a partition forward, over records that cannot be read.
     *
     * @return the former position; null if there is no such partition, or if it is at {@code offset} or beyond
     */
    public @Nullable Long skipTo(String topic, int partition, long offset, String subject, String reason)
            throws SQLException {
        try (Connection connection = Migrations.gatewaySource(config).getConnection();
                PreparedStatement skip = connection.prepareStatement(SKIP)) {
            skip.setString(1, topic);
            skip.setInt(2, partition);
            skip.setLong(3, offset);
            skip.setLong(4, offset);
            skip.setString(5, subject);
            skip.setString(6, topic);
            skip.setInt(7, partition);
            skip.setLong(8, offset);
            skip.setString(9, reason);
            try (ResultSet moved = skip.executeQuery()) {
                return moved.next() ? (Long) moved.getLong(1) : null;
            }
        }
    }

    /**
     * Has all partitions of a topic that was created again read from their beginning. Rides that are open end as abandoned;
     * the former positions keep the rides' numbers apart under another topic name.
     *
     * @return the number of partitions
     */
    public int startOver(String topic, String subject, String reason) throws SQLException {
        try (Connection connection = Migrations.gatewaySource(config).getConnection();
                PreparedStatement rename = connection.prepareStatement(START_OVER)) {
            connection.setAutoCommit(false);
            abandonOpenRides(connection, topic, null);
            rename.setString(1, topic);
            rename.setString(2, subject);
            rename.setString(3, topic);
            rename.setString(4, reason);
            int partitions;
            try (ResultSet renamed = rename.executeQuery()) {
                partitions = renamed.next() ? renamed.getInt(1) : 0;
            }
            connection.commit();
            return partitions;
        }
    }

    /**
     * Has a partition read from an offset that is stored already, because Kafka has lost the records from there on and new ones
     * have their offsets. Rides that are open in the partition end as abandoned; the former position keeps the rides' numbers
     * apart under another topic name.
     *
     * @return the former position; null if there is no such partition, or if it is below {@code offset}
     */
    public @Nullable Long continueAt(String topic, int partition, long offset, String subject, String reason)
            throws SQLException {
        try (Connection connection = Migrations.gatewaySource(config).getConnection();
                PreparedStatement rename = connection.prepareStatement(CONTINUE_AT);
                PreparedStatement add = connection.prepareStatement(ADD)) {
            connection.setAutoCommit(false);
            abandonOpenRides(connection, topic, partition);
            rename.setString(1, topic);
            rename.setInt(2, partition);
            rename.setLong(3, offset);
            rename.setString(4, subject);
            rename.setString(5, topic);
            rename.setInt(6, partition);
            rename.setLong(7, offset);
            rename.setString(8, reason);
            Long former = null;
            try (ResultSet renamed = rename.executeQuery()) {
                if (renamed.next()) {
                    former = renamed.getLong(1);
                    add.setString(1, topic);
                    add.setInt(2, partition);
                    add.setLong(3, offset);
                    add.setString(4, renamed.getString(2));
                    add.setTimestamp(5, renamed.getTimestamp(3));
                    add.setObject(6, renamed.getObject(4), Types.INTEGER);
                }
            }
            if (former == null) {
                connection.rollback();
                return null;
            }
            add.executeUpdate();
            connection.commit();
            return former;
        }
    }

    /** Ends the open rides of a partition and drops its held records; of all partitions if {@code partition} is null. */
    private static void abandonOpenRides(Connection connection, String topic, @Nullable Integer partition)
            throws SQLException {
        for (String statement : List.of(END_OPEN_RIDES, DROP_HELD_RECORDS)) {
            try (PreparedStatement update = connection.prepareStatement(statement)) {
                update.setString(1, topic);
                update.setObject(2, partition, Types.INTEGER);
                update.executeUpdate();
            }
        }
    }
}
