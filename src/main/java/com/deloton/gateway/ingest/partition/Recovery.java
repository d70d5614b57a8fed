package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ingest.partition.Partition.Position;
import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** Rebuilds the state of a partition from the warehouse, and takes it over from its former owner. */
public final class Recovery {
    /** An INSERT alone would use up a number of the few that {@code source_id} has at each take-over. */
    private static final String TAKE_OVER = """
            WITH known AS (
                UPDATE ingest_position SET epoch = epoch + 1, topic_id = coalesce(topic_id, $4::text)
                WHERE topic = $1::text AND partition = $2::integer
                RETURNING source_id, epoch, flush_no, next_offset, last_record_at, topic_id
            ), added AS (
                INSERT INTO ingest_position AS p (topic, partition, next_offset, topic_id, topic_partitions)
                SELECT $1::text, $2::integer, $3::bigint, $4::text, $5::integer WHERE NOT EXISTS (SELECT FROM known)
                ON CONFLICT (topic, partition) DO UPDATE
                SET epoch = p.epoch + 1, topic_id = coalesce(p.topic_id, excluded.topic_id)
                RETURNING source_id, epoch, flush_no, next_offset, last_record_at, topic_id
            )
            SELECT * FROM known UNION ALL SELECT * FROM added""";

    private static final String FIND = """
            SELECT source_id, epoch, flush_no, next_offset, last_record_at, topic_id FROM ingest_position
            WHERE topic = $1 AND partition = $2""";

    private static final String BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    private static final String OPEN_RIDES = """
            SELECT ride_id, stream_key, bike_serial, started_at, ride.rider_id, title, name, rider.gender,
                date_of_birth, email_address, address_unit, address_street, address_city, address_postcode, height_cm,
                weight_kg, account_created, original_source
            FROM ride LEFT JOIN rider USING (rider_id)
            WHERE source_id = $1 AND status = 'open' AND ($2::bigint[] IS NULL OR ride_id = ANY ($2))""";

    private static final String CHUNKS = """
            SELECT ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance, power_w, cleaned_s,
                half_at, half_elapsed_s, half_resistance
            FROM reading_chunk JOIN ride USING (ride_id)
            WHERE source_id = $1 AND status = 'open' AND ($2::bigint[] IS NULL OR ride_id = ANY ($2))
            ORDER BY ride_id, next_offset, first_s""";

    private static final String HELD_RECORDS = """
            SELECT record_offset, record_at, record_key, value, extract(epoch FROM clock_timestamp() - held_at)::float8
            FROM held_record WHERE source_id = $1 ORDER BY record_offset""";

    /**
     * Whether the topic has more partitions than when the first of them was taken over, some of which are new to the
     * warehouse or younger than an hour.
     */
    private static final String GROWTH = """
            SELECT coalesce(min(topic_partitions) < $2
                AND (count(*) < $2 OR max(created_at) > now() - interval '1 hour'), false)
            FROM ingest_position WHERE topic = $1""";

    /**
     * A partition as the warehouse has it.
     *
     * @param topicId of the topic that the position belongs to; null if a version before 6 has stored it
     * @param held records before the position that are not used yet, in the order of their offsets
     */
    public record State(
            Position position,
            @Nullable String topicId,
            List<Partition.RestoredRide> open,
            List<FlushBatch.HeldRecord> held) {}

    private final Pool pool;

    public Recovery(Pool pool) {
        this.pool = pool;
    }

    /**
     * Makes the caller the partition's owner: writes of an earlier owner are refused from here on.
     *
     * @param beginning the position of a partition that was never read before
     * @param partitions of the topic
     */
    public Future<State> takeOver(String topic, String topicId, int partition, long beginning, int partitions) {
        return pool.<State>withConnection(connection -> connection
                        .preparedQuery(TAKE_OVER)
                        .execute(Tuple.of(topic, partition, beginning, topicId, partitions))
                        .compose(rows -> open(connection, rows.iterator().next())))
                .map(Objects::requireNonNull);
    }

    /** Whether partitions were added to a topic that has {@code partitions} by now, within the last hour or unnoticed. */
    public Future<Boolean> isGrowing(String topic, int partitions) {
        return pool.preparedQuery(GROWTH)
                .execute(Tuple.of(topic, partitions))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** The partition's present state, without taking it over; null if it was never taken over. */
    public Future<@Nullable State> find(String topic, int partition) {
        return pool.withConnection(connection -> connection
                .query(BEGIN_SNAPSHOT)
                .execute()
                .compose(v -> connection.preparedQuery(FIND).execute(Tuple.of(topic, partition)))
                .<@Nullable State>compose(rows -> rows.size() == 0
                        ? Future.succeededFuture()
                        : open(connection, rows.iterator().next()))
                .eventually(() -> connection.query("ROLLBACK").execute()));
    }

    private static Future<State> open(SqlConnection connection, Row row) {
        Position position = position(row);
        return openRides(connection, position.sourceId(), null)
                .compose(rides -> connection
                        .preparedQuery(HELD_RECORDS)
                        .execute(Tuple.of(position.sourceId()))
                        .map(held -> new State(position, row.getString(5), rides, heldRecords(held))));
    }

    /** Those of the open rides of a partition that have one of these ids; all if {@code rideIds} is null. */
    public static Future<List<Partition.RestoredRide>> openRides(
            SqlConnection connection, int sourceId, Long @Nullable [] rideIds) {
        Tuple which = Tuple.tuple().addInteger(sourceId).addArrayOfLong(rideIds);
        return connection
                .preparedQuery(OPEN_RIDES)
                .execute(which)
                .compose(rides -> connection
                        .preparedQuery(CHUNKS)
                        .collecting(Collector.of(Chunks::new, Chunks::add, (one, other) -> {
                            throw new UnsupportedOperationException("rows come one after the other");
                        }))
                        .execute(which)
                        .map(chunks -> rebuild(rides, chunks.value())));
    }

    private static List<FlushBatch.HeldRecord> heldRecords(Iterable<Row> rows) {
        List<FlushBatch.HeldRecord> held = new ArrayList<>();
        long now = System.nanoTime();
        for (Row row : rows) {
            held.add(new FlushBatch.HeldRecord(
                    row.getLong(0),
                    Timestamps.micros(row.getOffsetDateTime(1)),
                    row.getString(2),
                    row.getBuffer(3).getBytes(),
                    now - (long) (Math.max(0, row.getDouble(4)) * 1e9)));
        }
        return held;
    }

    private static Position position(Row row) {
        OffsetDateTime lastRecordAt = row.getOffsetDateTime(4);
        return new Position(
                row.getInteger(0),
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                lastRecordAt == null ? Position.NO_RECORD : Timestamps.micros(lastRecordAt));
    }

    /** The readings of all open rides, taken row by row: the rows of a large partition would fill the heap. */
    private static final class Chunks {
        private final Map<Long, RideSeries> series = new HashMap<>();
        private final Map<Long, PendingRideLine> pendingLines = new HashMap<>();

        void add(Row row) {
            long rideId = row.getLong("ride_id");
            StoredSeries.restore(series.computeIfAbsent(rideId, id -> new RideSeries()), row);
            pendingLines.put(rideId, pendingLine(row));
        }
    }

    private static List<Partition.RestoredRide> rebuild(Iterable<Row> rideRows, Chunks chunks) {
        List<Partition.RestoredRide> open = new ArrayList<>();
        for (Row row : rideRows) {
            long rideId = row.getLong("ride_id");
            Ride ride = new Ride(
                    rideId,
                    rider(row),
                    row.getString("bike_serial"),
                    Timestamps.micros(row.getOffsetDateTime("started_at")),
                    chunks.series.getOrDefault(rideId, new RideSeries()));
            open.add(new Partition.RestoredRide(
                    row.getString("stream_key"), ride, chunks.pendingLines.getOrDefault(rideId, PendingRideLine.NONE)));
        }
        return open;
    }

    private static PendingRideLine pendingLine(Row row) {
        Integer elapsed = row.getInteger("half_elapsed_s");
        return elapsed == null
                ? PendingRideLine.NONE
                : new PendingRideLine(
                        Timestamps.micros(row.getOffsetDateTime("half_at")),
                        elapsed,
                        row.getInteger("half_resistance"));
    }

    private static @Nullable Rider rider(Row row) {
        Long id = row.getLong("rider_id");
        return id == null
                ? null
                : new Rider(
                        id,
                        row.getString("title"),
                        row.getString("name"),
                        Rider.Gender.valueOf(row.getString("gender").toUpperCase(Locale.ROOT)),
                        row.getLocalDate("date_of_birth"),
                        row.getString("email_address"),
                        new Rider.Address(
                                row.getString("address_unit"),
                                row.getString("address_street"),
                                row.getString("address_city"),
                                row.getString("address_postcode")),
                        row.getInteger("height_cm"),
                        row.getInteger("weight_kg"),
                        row.getLocalDate("account_created"),
                        row.getString("original_source"));
    }
}
