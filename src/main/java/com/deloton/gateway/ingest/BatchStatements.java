package com.deloton.gateway.ingest;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.ingest.partition.BikeStream;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.RowMapper;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.store.MultiRowInsert;
import com.deloton.gateway.store.StoredRide;
import com.deloton.gateway.store.StoredRider;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a flush, gathered over its partitions and sent down one connection table by table, many rows a statement and
 * without waiting in between; PostgreSQL runs the statements in order. {@link #done} sends them. Confined to one event loop,
 * which it leaves to others every few milliseconds.
 */
final class BatchStatements {
    private static final MultiRowInsert SAVE_BIKE =
            new MultiRowInsert("INSERT INTO bike AS old (bike_serial, first_seen_at, last_seen_at)", 3, """
            ON CONFLICT (bike_serial) DO UPDATE
            SET first_seen_at = least(old.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(old.last_seen_at, excluded.last_seen_at)
            WHERE excluded.first_seen_at < old.first_seen_at OR excluded.last_seen_at > old.last_seen_at""");

    private static final MultiRowInsert START_RIDE = new MultiRowInsert("""
            INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years,
                range_min_bpm, range_max_bpm)""", 10, "");

    private static final MultiRowInsert SAVE_CHUNK = new MultiRowInsert("""
            INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                resistance, power_w, cleaned_s, half_at, half_elapsed_s, half_resistance)""", 13, "");

    private static final String END_RIDE =
            "UPDATE ride SET " + StoredRide.FIGURES + ", status = $23 WHERE ride_id = $1";

    private static final String END_RIDE_WITHOUT_FIGURES =
            "UPDATE ride SET ended_at = started_at, status = $2 WHERE ride_id = $1";

    private static final MultiRowInsert SAVE_SERIES = new MultiRowInsert("""
            INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance,
                power_w, cleaned_s)""", 10, "");

    private static final String DROP_CHUNKS = "DELETE FROM reading_chunk WHERE ride_id = ANY ($1)";

    /**
     * If the chunks of the rides are on more pages than {@code work_mem} can list, PostgreSQL compares every row of those pages
     * with all the ids, one by one.
     */
    private static final int RIDES_DROPPED = 64;

    private static final MultiRowInsert QUARANTINE = new MultiRowInsert("""
            INSERT INTO quarantine (source_id, record_offset, record_at, record_key, reason, detail, value)""", 7, """
            ON CONFLICT DO NOTHING""");

    private static final MultiRowInsert HOLD = new MultiRowInsert(
            "INSERT INTO held_record (source_id, record_offset, record_at, record_key, value)", 5, """
            ON CONFLICT DO NOTHING""");

    private static final String RELEASE = "DELETE FROM held_record WHERE source_id = $1 AND record_offset = ANY ($2)";

    private static final int BATCH = 64;
    private static final long TURN_NANOS = Duration.ofMillis(5).toNanos();

    private final SqlConnection connection;
    private final List<Ride> riders = new ArrayList<>();
    private final Map<String, SeenBike> bikes = new TreeMap<>();
    private final List<Start> starts = new ArrayList<>();
    private final List<BikeStream.Chunk> chunks = new ArrayList<>();
    private final List<FlushBatch.Ended> ends = new ArrayList<>();
    private final List<FlushBatch.Ended> endsWithoutFigures = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final List<Released> released = new ArrayList<>();

    private record Start(FlushBatch.Started started, int sourceId, boolean anonymous) {
        Tuple row() {
            return anonymous ? RowMapper.anonymousRideStart(started, sourceId) : RowMapper.rideStart(started, sourceId);
        }
    }

    private record Quarantined(int sourceId, FlushBatch.QuarantinedRecord record) {}

    private record Held(int sourceId, FlushBatch.HeldRecord record) {}

    private record Released(int sourceId, List<Long> offsets) {}

    private record SeenBike(String serial, long firstAtMicros, long lastAtMicros) {
        SeenBike with(SeenBike other) {
            return new SeenBike(
                    serial, Math.min(firstAtMicros, other.firstAtMicros), Math.max(lastAtMicros, other.lastAtMicros));
        }

        Tuple row() {
            return Tuple.of(serial, Timestamps.of(firstAtMicros), Timestamps.of(lastAtMicros));
        }
    }

    BatchStatements(SqlConnection connection) {
        this.connection = connection;
    }

    BatchStatements starts(List<FlushBatch.Started> started, int sourceId) {
        for (FlushBatch.Started start : started) {
            Ride ride = start.ride();
            riders.add(ride);
            String bike = ride.bikeSerial();
            if (bike != null) {
                bikes.merge(bike, new SeenBike(bike, ride.startedAtMicros(), ride.startedAtMicros()), SeenBike::with);
            }
            starts.add(new Start(start, sourceId, false));
        }
        return this;
    }

    /** A ride without the rider and the bike that the warehouse refuses. */
    BatchStatements anonymousStart(FlushBatch.Started start, int sourceId) {
        starts.add(new Start(start, sourceId, true));
        return this;
    }

    BatchStatements chunks(List<BikeStream.Chunk> rows) {
        chunks.addAll(rows);
        return this;
    }

    BatchStatements ends(List<FlushBatch.Ended> ended) {
        ends.addAll(ended);
        return this;
    }

    /** Ends a ride whose figures or series the warehouse refuses, and drops its chunks. */
    BatchStatements endWithoutFigures(FlushBatch.Ended end) {
        endsWithoutFigures.add(end);
        return this;
    }

    BatchStatements quarantine(List<FlushBatch.QuarantinedRecord> records, int sourceId) {
        records.forEach(record -> quarantined.add(new Quarantined(sourceId, record)));
        return this;
    }

    /** Stores records that are not used yet, and drops those that are used now. */
    BatchStatements hold(FlushBatch batch) {
        batch.held().forEach(record -> held.add(new Held(batch.sourceId(), record)));
        if (!batch.released().isEmpty()) {
            released.add(new Released(batch.sourceId(), batch.released()));
        }
        return this;
    }

    /** Sends all rows added since the last call; completes when all are answered, and fails with the first failure. */
    Future<Void> done() {
        Iterator<MultiRowInsert.Step> steps = steps().iterator();
        clear();
        List<Future<?>> sent = new ArrayList<>();
        Future<Void> sending = Future.<Void>succeededFuture().compose(v -> send(steps, sent));
        return sending.transform(end -> Future.join(sent).transform(all -> {
            Throwable failure = firstFailure(sent, end.cause());
            return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
        }));
    }

    private List<MultiRowInsert.Step> steps() {
        List<MultiRowInsert.Step> steps = new ArrayList<>(StoredRider.steps(riders));
        steps.addAll(SAVE_BIKE.steps(List.copyOf(bikes.values()), SeenBike::row));
        steps.addAll(START_RIDE.steps(List.copyOf(starts), Start::row));
        steps.addAll(SAVE_CHUNK.steps(List.copyOf(chunks), RowMapper::chunk));
        steps.addAll(batches(END_RIDE, ends, RowMapper::rideEnd));
        steps.addAll(batches(
                END_RIDE_WITHOUT_FIGURES,
                endsWithoutFigures,
                end -> Tuple.of(end.ride().id(), RowMapper.status(end.ending()))));
        steps.addAll(SAVE_SERIES.steps(
                ends.stream().filter(end -> end.series() != null).toList(), RowMapper::series));
        steps.addAll(StoredRide.INSERT_MINUTES.steps(
                ends.stream().filter(end -> !end.minutes().isEmpty()).toList(), RowMapper::minutes));
        Stream.concat(ends.stream(), endsWithoutFigures.stream())
                .map(end -> end.ride().id())
                .gather(Gatherers.windowFixed(RIDES_DROPPED))
                .forEach(group -> steps.add(client -> client.preparedQuery(DROP_CHUNKS)
                        .execute(Tuple.tuple().addArrayOfLong(group.toArray(Long[]::new)))));
        steps.addAll(
                QUARANTINE.steps(List.copyOf(quarantined), row -> RowMapper.quarantined(row.sourceId(), row.record())));
        steps.addAll(HOLD.steps(List.copyOf(held), row -> RowMapper.held(row.sourceId(), row.record())));
        steps.addAll(batches(
                RELEASE,
                released,
                row -> Tuple.tuple()
                        .addInteger(row.sourceId())
                        .addArrayOfLong(row.offsets().toArray(Long[]::new))));
        return steps;
    }

    private static <T> List<MultiRowInsert.Step> batches(String sql, List<T> rows, Function<T, Tuple> parameters) {
        return rows.stream()
                .gather(Gatherers.windowFixed(BATCH))
                .<MultiRowInsert.Step>map(group -> client -> client.preparedQuery(sql)
                        .executeBatch(group.stream().map(parameters).toList()))
                .toList();
    }

    /** Sends statements until the turn is over, then leaves the event loop to others before the next turn. */
    private Future<Void> send(Iterator<MultiRowInsert.Step> steps, List<Future<?>> sent) {
        if (sent.stream().anyMatch(Future::failed)) {
            return Future.succeededFuture();
        }
        long end = System.nanoTime() + TURN_NANOS;
        while (steps.hasNext() && System.nanoTime() < end) {
            sent.add(steps.next().send(connection));
        }
        if (!steps.hasNext()) {
            return Future.succeededFuture();
        }
        Promise<Void> nextTurn = Promise.promise();
        requireNonNull(Vertx.currentContext()).runOnContext(v -> nextTurn.complete());
        return nextTurn.future().compose(v -> send(steps, sent));
    }

    private void clear() {
        bikes.clear();
        List.of(riders, starts, chunks, ends, endsWithoutFigures, quarantined, held, released)
                .forEach(List::clear);
    }

    /** The one that made PostgreSQL refuse all later statements of the transaction; {@code otherwise} if none has failed. */
    private static @Nullable Throwable firstFailure(List<Future<?>> answered, @Nullable Throwable otherwise) {
        return answered.stream()
                .filter(Future::failed)
                .map(Future::cause)
                .findFirst()
                .orElse(otherwise);
    }
}
