package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ingest.partition.Partition.Position;
import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
                weight_kg, account_created, original_source, half_at, half_elapsed_s, half_resistance
            FROM ride LEFT JOIN rider USING (rider_id)
            LEFT JOIN LATERAL (SELECT half_at, half_elapsed_s, half_resistance FROM reading_chunk c
                WHERE c.ride_id = ride.ride_id ORDER BY next_offset DESC, first_s DESC LIMIT 1) last ON true
            WHERE source_id = $1 AND status = 'open' AND ($2::bigint[] IS NULL OR ride_id = ANY ($2))""";

    private static final String CHUNKS = """
            SELECT ride_id, max(zero_at), string_agg(%s, '' ORDER BY next_offset, first_s)
            FROM reading_chunk WHERE ride_id = ANY ($1) AND zero_at IS NOT NULL GROUP BY ride_id""".formatted(ChunkArrays.BYTES);

    /** Rides whose readings one statement reads: it must end within its limit, however many rides are open. */
    private static final int RIDES_AT_ONCE = 100;

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
        return connection
                .preparedQuery(OPEN_RIDES)
                .execute(Tuple.tuple().addInteger(sourceId).addArrayOfLong(rideIds))
                .compose(rows -> {
                    List<Partition.RestoredRide> rides = new ArrayList<>();
                    rows.forEach(row -> rides.add(ride(row)));
                    Promise<Void> restored = Promise.promise();
                    restoreReadings(connection, rides, 0, restored);
                    return restored.future().map(v -> rides);
                });
    }

    /** Of {@code rides} from number {@code from} on. */
    private static void restoreReadings(
            SqlConnection connection, List<Partition.RestoredRide> rides, int from, Promise<Void> restored) {
        if (from >= rides.size()) {
            restored.complete();
            return;
        }
        int to = Math.min(from + RIDES_AT_ONCE, rides.size());
        Map<Long, RideSeries> series = new HashMap<>();
        for (Partition.RestoredRide ride : rides.subList(from, to)) {
            series.put(ride.ride().id(), ride.ride().series());
        }
        connection
                .preparedQuery(CHUNKS)
                .collecting(Collector.of(() -> series, Recovery::addReadings, (one, other) -> one))
                .execute(Tuple.of(series.keySet().toArray(Long[]::new)))
                .onSuccess(v -> restoreReadings(connection, rides, to, restored))
                .onFailure(restored::fail);
    }

    private static void addReadings(Map<Long, RideSeries> series, Row row) {
        ChunkArrays.restore(
                Objects.requireNonNull(series.get(row.getLong(0))),
                Timestamps.micros(row.getOffsetDateTime(1)),
                row.getBuffer(2).getBytes());
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

    private static Partition.RestoredRide ride(Row row) {
        Ride ride = new Ride(
                row.getLong("ride_id"),
                rider(row),
                row.getString("bike_serial"),
                Timestamps.micros(row.getOffsetDateTime("started_at")),
                new RideSeries());
        return new Partition.RestoredRide(row.getString("stream_key"), ride, pendingLine(row));
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
