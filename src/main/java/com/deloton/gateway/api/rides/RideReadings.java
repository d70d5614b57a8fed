package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.RideSummary.Best;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.store.StoredSeries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads rides, live or ended, with their readings in one round trip. */
public final class RideReadings {
    private static final String RIDES = "SELECT " + RideRows.LIVE_COLUMNS + """
            , r.moving_s, r.power_normalized_w, r.power_best_5s_w, r.power_best_1min_w, r.power_best_5min_w,
                r.power_best_20min_w, r.heart_rate_min_bpm, r.heart_rate_measured_s, r.cadence_max_rpm,
                r.resistance_mean, r.resistance_max, r.zone_s, r.range_min_bpm,
                r.range_max_bpm, p.weight_kg, i.topic, i.partition,
                (SELECT a.day FROM archived_day a
                    WHERE a.day = r.day AND a.dropped_at IS NOT NULL AND NOT r.rider_erased) AS archived_day,
                s.first_s, s.zero_at, s.delay_ms, s.heart_rate_bpm, s.cadence_rpm, s.resistance, s.power_w, s.cleaned_s
            FROM ride r""" + RideRows.JOINS + """

            LEFT JOIN ingest_position i ON i.source_id = r.ride_id % 4096
            LEFT JOIN LATERAL (
                SELECT c.next_offset, c.first_s, c.zero_at, c.delay_ms, c.heart_rate_bpm, c.cadence_rpm, c.resistance,
                    c.power_w, c.cleaned_s
                FROM reading_chunk c WHERE c.ride_id = r.ride_id AND c.zero_at IS NOT NULL
                UNION ALL
                SELECT 0, t.first_s, t.zero_at, t.delay_ms, t.heart_rate_bpm, t.cadence_rpm, t.resistance, t.power_w,
                    t.cleaned_s
                FROM ride_series t WHERE t.ride_id = r.ride_id AND t.day = r.day
            ) s ON true
            WHERE r.ride_id = ANY ($1)
            ORDER BY r.started_at, r.ride_id, s.next_offset, s.first_s""";

    /** Up to this many readings are encoded on the event loop, in a few milliseconds. */
    private static final int MAX_READINGS_ON_EVENT_LOOP = 10_000;

    private final Vertx vertx;
    private final Queries queries;

    public RideReadings(Vertx vertx, Queries queries) {
        this.vertx = vertx;
        this.queries = queries;
    }

    /** A ride and its readings. */
    public record RideWithReadings(Row row, RideSeries series) {

        public long rideId() {
            return row.getLong("ride_id");
        }

        public boolean isLive() {
            return row.getString("status").equals("open");
        }

        /** Whether the readings were deleted after their retention, or with their rider's data. */
        public boolean readingsDeleted() {
            return !isLive() && series.readings() == 0 && row.getInteger("readings") > 0;
        }

        /** The UTC day under which the archive has the deleted readings; null if it does not have them. */
        @Nullable
        LocalDate archivedDay() {
            return row.getLocalDate("archived_day");
        }

        /** Seconds with a removed value or a replaced time; null if that is not stored. */
        @Nullable
        Integer cleanedS() {
            return isLive() || row.getValue("cleaned_s") != null ? (Integer) series.cleaned() : null;
        }

        /** As stored; computed from the readings so far if the ride is live. */
        public RideSummary summary() {
            return isLive() ? RideSummary.of(series, limits()) : stored();
        }

        /** By the formula for the rider's gender and age; its maximum is that of the zones. */
        @Nullable
        HeartRateLimits limits() {
            return HeartRateLimits.of(
                    Gender.valueOf(row.getString("gender").toUpperCase(Locale.ROOT)), row.getInteger("age_years"));
        }

        private RideSummary stored() {
            Integer[] zones = row.getArrayOfIntegers("zone_s");
            return new RideSummary(
                    row.getInteger("duration_s"),
                    row.getInteger("moving_s"),
                    row.getInteger("readings"),
                    row.getDouble("energy_kj"),
                    row.getDouble("power_mean_w"),
                    row.getDouble("power_max_w"),
                    row.getDouble("power_normalized_w"),
                    new Best(
                            row.getDouble("power_best_5s_w"),
                            row.getDouble("power_best_1min_w"),
                            row.getDouble("power_best_5min_w"),
                            row.getDouble("power_best_20min_w")),
                    row.getInteger("heart_rate_min_bpm"),
                    row.getDouble("heart_rate_mean_bpm"),
                    row.getInteger("heart_rate_max_bpm"),
                    row.getInteger("heart_rate_measured_s"),
                    row.getDouble("cadence_mean_rpm"),
                    row.getInteger("cadence_max_rpm"),
                    row.getDouble("resistance_mean"),
                    row.getInteger("resistance_max"),
                    zones == null ? null : List.of(zones));
        }
    }

    /** The ride, or null if there is none. */
    public Future<@Nullable RideWithReadings> of(long rideId) {
        return of(List.of(rideId)).map(rides -> rides.isEmpty() ? null : rides.getFirst());
    }

    /** The rides that exist, in the order of their start. */
    public Future<List<RideWithReadings>> of(List<Long> rideIds) {
        return queries.rows(RIDES, Tuple.of(rideIds.toArray(Long[]::new))).map(rows -> {
            Map<Long, RideWithReadings> rides = new LinkedHashMap<>();
            for (Row row : rows) {
                RideWithReadings ride = rides.computeIfAbsent(
                        row.getLong("ride_id"), id -> new RideWithReadings(row, new RideSeries()));
                StoredSeries.restore(ride.series(), row);
            }
            return List.copyOf(rides.values());
        });
    }

    /** The response that {@code encode} makes of the rides; on a worker thread if they are long. */
    public Future<ApiResponse> render(List<RideWithReadings> rides, Supplier<ApiResponse> encode) {
        int readings = rides.stream().mapToInt(ride -> ride.series().readings()).sum();
        return readings > MAX_READINGS_ON_EVENT_LOOP
                ? vertx.executeBlocking(encode::get, false).map(Objects::requireNonNull)
                : Future.succeededFuture(encode.get());
    }
}
