package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.partition.BikeStream;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.RowMapper;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.store.StoredRide;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.store.Timestamps;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends the statements of a flush down one connection without waiting in between; PostgreSQL runs them in order.
 * {@link #done} completes when all sent since the last call are answered; it fails with
 * the first failure.
 */
final class BatchStatements {
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

    private static final String END_RIDE_WITHOUT_FIGURES =
            "UPDATE ride SET ended_at = started_at, status = $2 WHERE ride_id = $1";

    private static final String SAVE_SERIES = """
            INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm, resistance,
                power_w)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""";

    private static final String DROP_CHUNKS = "DELETE FROM reading_chunk WHERE ride_id = ANY ($1)";

    private static final String QUARANTINE = """
            INSERT INTO quarantine (source_id, record_offset, record_at, record_key, reason, detail, value)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING""";

    private final SqlConnection connection;
    private List<Future<?>> unanswered = new ArrayList<>();

    BatchStatements(SqlConnection connection) {
        this.connection = connection;
    }

    BatchStatements starts(List<FlushBatch.Started> started, int sourceId) {
        List<Tuple> riders = new ArrayList<>(started.size());
        List<Tuple> bikes = new ArrayList<>(started.size());
        List<Tuple> rides = new ArrayList<>(started.size());
        for (FlushBatch.Started start : started) {
            Ride ride = start.ride();
            Rider rider = ride.rider();
            if (rider != null) {
                riders.add(RowMapper.rider(rider, ride.startedAtMicros()));
            }
            if (ride.bikeSerial() != null) {
                bikes.add(Tuple.of(ride.bikeSerial(), Timestamps.of(ride.startedAtMicros())));
            }
            rides.add(RowMapper.rideStart(start, sourceId));
        }
        batch(SAVE_RIDER, riders);
        batch(SAVE_BIKE, bikes);
        batch(START_RIDE, rides);
        return this;
    }

    /** A ride without the rider and the bike that the warehouse refuses. */
    BatchStatements anonymousStart(FlushBatch.Started start, int sourceId) {
        batch(START_RIDE, List.of(RowMapper.anonymousRideStart(start, sourceId)));
        return this;
    }

    BatchStatements chunks(List<BikeStream.Chunk> chunks) {
        batch(SAVE_CHUNK, chunks.stream().map(RowMapper::chunk).toList());
        return this;
    }

    BatchStatements ends(List<FlushBatch.Ended> ended) {
        List<Tuple> rides = new ArrayList<>(ended.size());
        List<Tuple> series = new ArrayList<>(ended.size());
        List<Tuple> minutes = new ArrayList<>(ended.size() * 9);
        Long[] ids = new Long[ended.size()];
        for (FlushBatch.Ended end : ended) {
            Ride ride = end.ride();
            ids[rides.size()] = ride.id();
            rides.add(RowMapper.rideEnd(end));
            StoredSeries.Seconds seconds = end.series();
            if (seconds != null) {
                series.add(RowMapper.series(ride, seconds));
            }
            for (RideSummary.Minute minute : end.minutes()) {
                minutes.add(StoredRide.minute(ride.day(), ride.id(), minute));
            }
        }
        batch(END_RIDE, rides);
        batch(SAVE_SERIES, series);
        batch(StoredRide.INSERT_MINUTE, minutes);
        if (ids.length > 0) {
            batch(DROP_CHUNKS, List.of(Tuple.tuple().addArrayOfLong(ids)));
        }
        return this;
    }

    /** Ends a ride whose figures or series the warehouse refuses, and drops its chunks. */
    BatchStatements endWithoutFigures(FlushBatch.Ended end) {
        long rideId = end.ride().id();
        batch(END_RIDE_WITHOUT_FIGURES, List.of(Tuple.of(rideId, RowMapper.status(end.ending()))));
        batch(DROP_CHUNKS, List.of(Tuple.tuple().addArrayOfLong(new Long[] {rideId})));
        return this;
    }

    BatchStatements quarantine(List<FlushBatch.QuarantinedRecord> records, int sourceId) {
        batch(
                QUARANTINE,
                records.stream()
                        .map(record -> RowMapper.quarantined(sourceId, record))
                        .toList());
        return this;
    }

    private void batch(String sql, List<Tuple> rows) {
        if (!rows.isEmpty()) {
            unanswered.add(connection.preparedQuery(sql).executeBatch(rows));
        }
    }

    Future<Void> done() {
        List<Future<?>> sent = unanswered;
        unanswered = new ArrayList<>();
        return Future.join(sent).<Void>mapEmpty().recover(any -> Future.failedFuture(firstFailure(sent, any)));
    }

    /** The one that made PostgreSQL refuse all later statements of the transaction. */
    private static Throwable firstFailure(List<Future<?>> answered, Throwable any) {
        return answered.stream()
                .filter(Future::failed)
                .map(Future::cause)
                .findFirst()
                .orElse(any);
    }
}
