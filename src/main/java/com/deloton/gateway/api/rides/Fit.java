package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.rides.FitEncoder.BaseType;
import com.deloton.gateway.api.rides.FitEncoder.Field;
import com.deloton.gateway.api.rides.FitEncoder.Message;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ride as a FIT activity file: one session of indoor cycling with one lap, and a record per reading. It has no personal
 * data. Timestamps are whole seconds: the start of the ride, rounded down, plus the second of the reading.
 */
final class Fit {
    static final String MEDIA_TYPE = "application/vnd.ant.fit";

    /** 1989-12-31T00:00:00Z in seconds since 1970. */
    private static final long EPOCH_S = 631_065_600;

    private static final int BYTES_PER_RECORD = 10;
    private static final long MS_PER_S = 1_000;
    private static final long J_PER_KJ = 1_000;
    /** For products without a number of their own. */
    private static final long MANUFACTURER_DEVELOPMENT = 255;

    private static final long FILE_ACTIVITY = 4;
    private static final long SPORT_CYCLING = 2;
    private static final long SUB_SPORT_INDOOR_CYCLING = 6;
    private static final long EVENT_TIMER = 0;
    private static final long EVENT_SESSION = 8;
    private static final long EVENT_LAP = 9;
    private static final long EVENT_ACTIVITY = 26;
    private static final long START = 0;
    private static final long STOP = 1;
    private static final long STOP_ALL = 4;
    private static final long LAP_TRIGGER_SESSION_END = 7;

    /** type, manufacturer, product, time_created. */
    private static final Message FILE_ID = new Message(
            0,
            0,
            List.of(
                    new Field(0, BaseType.ENUM),
                    new Field(1, BaseType.UINT16),
                    new Field(2, BaseType.UINT16),
                    new Field(4, BaseType.UINT32)));

    /** timestamp, event, event_type. */
    private static final Message EVENT = new Message(
            1, 21, List.of(new Field(253, BaseType.UINT32), new Field(0, BaseType.ENUM), new Field(1, BaseType.ENUM)));

    /** timestamp, heart_rate, cadence, power, resistance. */
    private static final Message RECORD = new Message(
            2,
            20,
            List.of(
                    new Field(253, BaseType.UINT32),
                    new Field(3, BaseType.UINT8),
                    new Field(4, BaseType.UINT8),
                    new Field(7, BaseType.UINT16),
                    new Field(10, BaseType.UINT8)));

    /** message_index, timestamp, event, event_type, start_time, sport, sub_sport, lap_trigger, then as {@link #totals}. */
    private static final Message LAP = new Message(
            3,
            19,
            List.of(
                    new Field(254, BaseType.UINT16),
                    new Field(253, BaseType.UINT32),
                    new Field(0, BaseType.ENUM),
                    new Field(1, BaseType.ENUM),
                    new Field(2, BaseType.UINT32),
                    new Field(25, BaseType.ENUM),
                    new Field(39, BaseType.ENUM),
                    new Field(24, BaseType.ENUM),
                    new Field(7, BaseType.UINT32),
                    new Field(8, BaseType.UINT32),
                    new Field(9, BaseType.UINT32),
                    new Field(11, BaseType.UINT16),
                    new Field(41, BaseType.UINT32),
                    new Field(15, BaseType.UINT8),
                    new Field(16, BaseType.UINT8),
                    new Field(17, BaseType.UINT8),
                    new Field(18, BaseType.UINT8),
                    new Field(19, BaseType.UINT16),
                    new Field(20, BaseType.UINT16),
                    new Field(33, BaseType.UINT16)));

    /**
     * message_index, timestamp, event, event_type, start_time, sport, sub_sport, first_lap_index, num_laps, then as {@link
     * #totals}.
     */
    private static final Message SESSION = new Message(
            4,
            18,
            List.of(
                    new Field(254, BaseType.UINT16),
                    new Field(253, BaseType.UINT32),
                    new Field(0, BaseType.ENUM),
                    new Field(1, BaseType.ENUM),
                    new Field(2, BaseType.UINT32),
                    new Field(5, BaseType.ENUM),
                    new Field(6, BaseType.ENUM),
                    new Field(25, BaseType.UINT16),
                    new Field(26, BaseType.UINT16),
                    new Field(7, BaseType.UINT32),
                    new Field(8, BaseType.UINT32),
                    new Field(9, BaseType.UINT32),
                    new Field(11, BaseType.UINT16),
                    new Field(48, BaseType.UINT32),
                    new Field(16, BaseType.UINT8),
                    new Field(17, BaseType.UINT8),
                    new Field(18, BaseType.UINT8),
                    new Field(19, BaseType.UINT8),
                    new Field(20, BaseType.UINT16),
                    new Field(21, BaseType.UINT16),
                    new Field(34, BaseType.UINT16)));

    /** timestamp, total_timer_time, num_sessions, type, event, event_type. */
    private static final Message ACTIVITY = new Message(
            5,
            34,
            List.of(
                    new Field(253, BaseType.UINT32),
                    new Field(0, BaseType.UINT32),
                    new Field(1, BaseType.UINT16),
                    new Field(2, BaseType.ENUM),
                    new Field(3, BaseType.ENUM),
                    new Field(4, BaseType.ENUM)));

    private Fit() {}

    static Buffer of(RideReadings.RideWithReadings ride) {
        RideSeries series = ride.series();
        RideSummary summary = ride.summary();
        long start = ride.row().getOffsetDateTime("started_at").toEpochSecond() - EPOCH_S;
        long end = start + summary.durationS();
        FitEncoder file = new FitEncoder(1_024 + series.readings() * BYTES_PER_RECORD);
        file.add(FILE_ID, FILE_ACTIVITY, MANUFACTURER_DEVELOPMENT, 0L, start);
        file.add(EVENT, start, EVENT_TIMER, START);
        if (series.readings() > 0) {
            for (int s = series.firstS(); s <= series.lastS(); s++) {
                if (series.has(s)) {
                    record(file, start + s, series.get(s));
                }
            }
        }
        file.add(EVENT, end, EVENT_TIMER, STOP_ALL);
        file.add(
                LAP,
                join(
                        totals(summary),
                        0L,
                        end,
                        EVENT_LAP,
                        STOP,
                        start,
                        SPORT_CYCLING,
                        SUB_SPORT_INDOOR_CYCLING,
                        LAP_TRIGGER_SESSION_END));
        file.add(
                SESSION,
                join(
                        totals(summary),
                        0L,
                        end,
                        EVENT_SESSION,
                        STOP,
                        start,
                        SPORT_CYCLING,
                        SUB_SPORT_INDOOR_CYCLING,
                        0L,
                        1L));
        file.add(ACTIVITY, end, summary.durationS() * MS_PER_S, 1L, 0L, EVENT_ACTIVITY, STOP);
        return file.file();
    }

    private static void record(FitEncoder file, long timestamp, Reading reading) {
        file.add(
                RECORD,
                timestamp,
                reading.hasHeartRate() ? (Long) (long) reading.heartRateBpm() : null,
                reading.cadenceRpm() == Reading.ABSENT ? null : (Long) (long) reading.cadenceRpm(),
                reading.hasPower() ? (Long) Math.round((double) reading.powerW()) : null,
                reading.resistance() == Reading.ABSENT ? null : (Long) (long) reading.resistance());
    }

    /**
     * total_elapsed_time and total_timer_time in ms, total_distance, total_calories, total_work in J, then mean and maximum of
     * heart rate, cadence and power, and normalized power. A kilojoule at the pedals counts as one kilocalorie, as in the TCX.
     */
    private static @Nullable Long[] totals(RideSummary summary) {
        return new @Nullable Long[] {
            summary.durationS() * MS_PER_S,
            summary.durationS() * MS_PER_S,
            0L,
            Math.round(summary.energyKj()),
            Math.round(summary.energyKj() * J_PER_KJ),
            rounded(summary.heartRateMeanBpm()),
            rounded(summary.heartRateMaxBpm()),
            rounded(summary.cadenceMeanRpm()),
            rounded(summary.cadenceMaxRpm()),
            rounded(summary.powerMeanW()),
            rounded(summary.powerMaxW()),
            rounded(summary.normalizedPowerW())
        };
    }

    private static @Nullable Long rounded(@Nullable Number value) {
        return value == null ? null : (Long) Math.round(value.doubleValue());
    }

    private static @Nullable Long[] join(@Nullable Long[] last, @Nullable Long... first) {
        @Nullable Long[] all = java.util.Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, all, first.length, last.length);
        return all;
    }
}
