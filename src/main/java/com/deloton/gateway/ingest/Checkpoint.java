package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.RowMapper;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.store.StoredRide;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Writes the work of a flush in one transaction, positions included: all of it or nothing, and only for partitions
 * that are still owned. Confined to one event loop.
 */
final class Checkpoint {
    private static final String MOVE_POSITIONS = """
            UPDATE ingest_position p
            SET next_offset = w.next_offset, last_record_at = w.last_record_at, updated_at = now()
            FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[])
                AS w (source_id, epoch, from_offset, next_offset, last_record_at)
            WHERE p.source_id = w.source_id AND p.epoch = w.epoch AND p.next_offset = w.from_offset""";

    private static final String POSITIONS =
            "SELECT source_id, epoch, next_offset FROM ingest_position WHERE source_id = ANY ($1)";

    private static final String SAVE_RIDER = """
            INSERT INTO rider AS old (rider_id, title, name, gender, date_of_birth, email_address, address_unit,
                address_street, address_city, address_postcode, height_cm, weight_kg, account_created,
                original_source, seen_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT (rider_id) DO UPDATE
            SET title = excluded.title, name = excluded.name, gender = excluded.gender,
                date_of_birth = excluded.date_of_birth, email_address = excluded.email_address,
                address_unit = excluded.address_unit, address_street = excluded.address_street,
                address_city = excluded.address_city, address_postcode = excluded.address_postcode,
                height_cm = excluded.height_cm, weight_kg = excluded.weight_kg,
                account_created = excluded.account_created, original_source = excluded.original_source,
                seen_at = excluded.seen_at
            WHERE old.seen_at <= excluded.seen_at AND old.erased_at IS NULL""";

    private static final String SAVE_BIKE = """
            INSERT INTO bike AS old (bike_serial, first_seen_at, last_seen_at) VALUES ($1, $2, $2)
            ON CONFLICT (bike_serial) DO UPDATE
            SET first_seen_at = least(old.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(old.last_seen_at, excluded.last_seen_at)""";

    private static final String START_RIDE = """
            INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""";

    private static final String SAVE_CHUNK = """
            INSERT INTO reading_chunk (ride_id, next_offset, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                resistance, power_w, half_at, half_elapsed_s, half_resistance)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""";

    private static final String END_RIDE =
            "UPDATE ride SET " + StoredRide.FIGURES + ", status = $23 WHERE ride_id = $1";

    private static final String SAVE_SERIES = """
            INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance,
                power_w)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""";

    private static final String DROP_CHUNKS = "DELETE FROM reading_chunk WHERE ride_id = ANY ($1)";

    private static final String SET_ASIDE = """
            INSERT INTO quarantine (source_id, record_offset, record_at, record_key, reason, detail, value)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING""";

    private static final String ENSURE_DAY = "SELECT ensure_day($1)";

    private final Pool pool;
    private final AlertWriter episodes;
    private final Set<LocalDate> knownDays = new HashSet<>();

    Checkpoint(Pool pool, AlertWriter episodes) {
        this.pool = pool;
        this.episodes = episodes;
    }

    /** Another owner has moved the position, or took the partition over. */
    static final class FencedException extends RuntimeException {
        FencedException() {
            super("another consumer owns a partition of this flush", null, false, false);
        }
    }

    /** Makes the partitions that rides of these days rest in. */
    Future<Void> ensureDays(Iterable<LocalDate> days) {
        Future<Void> done = Future.succeededFuture();
        for (LocalDate day : days) {
            if (!knownDays.contains(day)) {
                done = done.compose(v -> pool.preparedQuery(ENSURE_DAY).execute(Tuple.of(day)))
                        .map(rows -> {
                            knownDays.add(day);
                            return null;
                        });
            }
        }
        return done;
    }

    /** Fails with {@link FencedException}, and nothing written, unless all the partitions are still owned. */
    Future<Void> write(List<FlushBatch> work) {
        List<LocalDate> days = new ArrayList<>();
        work.forEach(w -> w.ended().forEach(e -> days.add(e.ride().day())));
        return ensureDays(days).compose(v -> pool.withTransaction(connection -> writeAll(connection, work)));
    }

    /**
     * Says for each piece of work whether it has been written already (as when the connection broke while
     * committing), can still be written, or never will be.
     */
    Future<Map<FlushBatch, CommitStatus>> standing(List<FlushBatch> work) {
        Integer[] sources = work.stream().map(FlushBatch::sourceId).toArray(Integer[]::new);
        return pool.preparedQuery(POSITIONS).execute(Tuple.of(sources)).map(rows -> {
            Map<Integer, Partition.Position> stored = new java.util.HashMap<>();
            rows.forEach(row -> stored.put(
                    row.getInteger(0), new Partition.Position(row.getInteger(0), row.getLong(1), row.getLong(2), 0)));
            Map<FlushBatch, CommitStatus> standing = new java.util.LinkedHashMap<>();
            work.forEach(w -> standing.put(w, CommitStatus.of(w, stored.get(w.sourceId()))));
            return standing;
        });
    }

    /** What has become of a piece of work. */
    enum CommitStatus {
        WRITTEN,
        WRITABLE,
        FENCED;

        static CommitStatus of(FlushBatch work, Partition.@org.jspecify.annotations.Nullable Position stored) {
            if (stored == null || stored.epoch() != work.epoch()) {
                return FENCED;
            }
            if (stored.nextOffset() == work.fromOffset()) {
                return WRITABLE;
            }
            return stored.nextOffset() == work.toOffset() ? WRITTEN : FENCED;
        }
    }

    private Future<Void> writeAll(SqlConnection connection, List<FlushBatch> work) {
        return movePositions(connection, work).compose(moved -> {
            if (moved != work.size()) {
                return Future.failedFuture(new FencedException());
            }
            Writer writer = new Writer(connection);
            for (FlushBatch w : work) {
                List<Ride> rides =
                        w.started().stream().map(FlushBatch.Started::ride).toList();
                writer.batch(SAVE_RIDER, riders(rides));
                writer.batch(SAVE_BIKE, bikes(rides));
                writer.batch(START_RIDE, map(w.started(), s -> RowMapper.rideStart(s, w.sourceId())));
                writer.batch(SAVE_CHUNK, map(w.chunks(), RowMapper::chunk));
                writer.batch(END_RIDE, map(w.ended(), RowMapper::rideEnd));
                writer.batch(SAVE_SERIES, series(w.ended()));
                writer.batch(StoredRide.INSERT_MINUTE, minutes(w.ended()));
                writer.batch(SET_ASIDE, map(w.unused(), u -> unused(w.sourceId(), u)));
            }
            Long[] over = work.stream()
                    .flatMap(w -> w.ended().stream())
                    .map(e -> e.ride().id())
                    .toArray(Long[]::new);
            if (over.length > 0) {
                writer.one(DROP_CHUNKS, Tuple.of(over));
            }
            List<RideHeartRateEvent> told =
                    work.stream().flatMap(w -> w.hearts().stream()).toList();
            return told.isEmpty() ? writer.done() : writer.done().compose(v -> episodes.write(connection, told));
        });
    }

    private static Future<Integer> movePositions(SqlConnection connection, List<FlushBatch> work) {
        return connection
                .preparedQuery(MOVE_POSITIONS)
                .execute(Tuple.of(
                        work.stream().map(FlushBatch::sourceId).toArray(Integer[]::new),
                        longs(work, FlushBatch::epoch),
                        longs(work, FlushBatch::fromOffset),
                        longs(work, FlushBatch::toOffset),
                        work.stream()
                                .map(w -> Timestamps.of(w.lastRecordAtMicros()))
                                .toArray(java.time.OffsetDateTime[]::new)))
                .map(SqlResult::rowCount);
    }

    private static Long[] longs(List<FlushBatch> work, ToLongFunction<FlushBatch> column) {
        return work.stream().mapToLong(column).boxed().toArray(Long[]::new);
    }

    private static List<Tuple> riders(List<Ride> rides) {
        List<Tuple> rows = new ArrayList<>(rides.size());
        for (Ride ride : rides) {
            Rider rider = ride.rider();
            if (rider != null) {
                rows.add(RowMapper.rider(rider, ride.startedAtMicros()));
            }
        }
        return rows;
    }

    private static List<Tuple> bikes(List<Ride> rides) {
        return rides.stream()
                .filter(ride -> ride.bikeSerial() != null)
                .map(ride -> Tuple.of(ride.bikeSerial(), Timestamps.of(ride.startedAtMicros())))
                .toList();
    }

    private static List<Tuple> series(List<FlushBatch.Ended> ended) {
        List<Tuple> rows = new ArrayList<>(ended.size());
        for (FlushBatch.Ended end : ended) {
            StoredSeries.Seconds series = end.series();
            if (series != null) {
                rows.add(RowMapper.series(end.ride(), series));
            }
        }
        return rows;
    }

    private static List<Tuple> minutes(List<FlushBatch.Ended> ended) {
        List<Tuple> rows = new ArrayList<>(ended.size() * 9);
        for (FlushBatch.Ended end : ended) {
            for (RideSummary.Minute minute : end.minutes()) {
                rows.add(StoredRide.minute(end.ride().day(), end.ride().id(), minute));
            }
        }
        return rows;
    }

    private static Tuple unused(int sourceId, FlushBatch.QuarantinedRecord unused) {
        byte[] value = unused.value();
        return Tuple.from(new Object[] {
            sourceId,
            unused.offset(),
            Timestamps.of(unused.recordAtMicros()),
            unused.key(),
            unused.reason(),
            unused.detail(),
            value == null ? null : Buffer.buffer(value)
        });
    }

    private static <T> List<Tuple> map(List<T> rows, Function<T, Tuple> row) {
        return rows.stream().map(row).toList();
    }

    /** Sends statements down one connection without waiting in between; PostgreSQL runs them in order. */
    private static final class Writer {
        private final SqlConnection connection;
        private final List<Future<?>> statements = new ArrayList<>();

        Writer(SqlConnection connection) {
            this.connection = connection;
        }

        void batch(String sql, List<Tuple> rows) {
            if (!rows.isEmpty()) {
                statements.add(connection.preparedQuery(sql).executeBatch(rows));
            }
        }

        void one(String sql, Tuple row) {
            statements.add(connection.preparedQuery(sql).execute(row));
        }

        Future<Void> done() {
            return Future.join(statements).mapEmpty();
        }
    }
}
