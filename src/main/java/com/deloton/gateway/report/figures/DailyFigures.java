package com.deloton.gateway.report.figures;

import com.deloton.gateway.ride.Rider.Gender;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the rides that started on a day. All of a ride, its alerts included, counts for that day; an open ride
 * counts with its readings so far. Means are over measured seconds, and null without any.
 *
 * @param takenAt when the warehouse was read
 * @param totals all rides of the day
 * @param dayBefore the same of the day before
 * @param weekBefore the same of that weekday a week before
 * @param groups rides by gender, by age group, and by both; groups without rides are absent
 * @param ridesPerHour rides that started in each hour, {@link ReportDay#hours} of them
 * @param zoneS seconds in each of the five heart-rate zones, over ended rides of riders of known age
 * @param records the best ride of each kind; a kind without a ride is absent
 * @param riders by energy, most first, {@link #MAX_RIDERS} at most
 */
public record DailyFigures(
        ReportDay day,
        Instant takenAt,
        Totals totals,
        Totals dayBefore,
        Totals weekBefore,
        List<Group> groups,
        List<Integer> ridesPerHour,
        List<Long> zoneS,
        List<Best> records,
        Alerts alerts,
        Quality quality,
        List<RiderLine> riders) {
    public static final int MAX_RIDERS = 10_000;

    public DailyFigures {
        groups = List.copyOf(groups);
        ridesPerHour = List.copyOf(ridesPerHour);
        zoneS = List.copyOf(zoneS);
        records = List.copyOf(records);
        riders = List.copyOf(riders);
    }

    /**
     * Sums and means of a set of rides.
     *
     * @param riders different known riders
     * @param durationS sum of the rides' durations
     * @param powerMeanW over all seconds with power: a long ride weighs more
     * @param heartRateMeanBpm over all seconds with a heart rate
     */
    public record Counts(
            int rides,
            int riders,
            long durationS,
            double energyKj,
            @Nullable Double powerMeanW,
            @Nullable Double heartRateMeanBpm) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, null, null);
    }

    /**
     * Sums and means of a day.
     *
     * @param riderPowerMeanW mean of the riders' means: each known rider weighs the same
     * @param riderHeartRateMeanBpm likewise
     */
    public record Totals(
            Counts counts,
            @Nullable Double riderPowerMeanW,
            @Nullable Double riderHeartRateMeanBpm) {}

    /** A null gender or age means all. */
    public record Group(@Nullable Gender gender, @Nullable ReportAgeGroup age, Counts counts) {}

    /**
     * The best ride of the day by one measure.
     *
     * @param before the best of all earlier days; null if there is none
     */
    public record Best(
            Kind kind,
            double value,
            @Nullable Double before,
            long rideId,
            @Nullable Long riderId,
            Gender gender,
            ReportAgeGroup age) {

        /** The measure. */
        public enum Kind {
            DURATION_S,
            ENERGY_KJ,
            POWER_5S_W,
            POWER_1MIN_W,
            POWER_5MIN_W,
            POWER_20MIN_W
        }

        /** Whether the value exceeds that of every earlier ride. */
        public boolean isRecord() {
            return before != null && value > before;
        }
    }

    /**
     * Heart-rate alerts.
     *
     * @param raised all; the next four add up to it
     * @param quiet recorded only: cool-down, silence, opt-out or no usable address
     * @param sensorFaults whose rider answered that the sensor was wrong
     */
    public record Alerts(
            int raised,
            int mailed,
            int waiting,
            int failed,
            int quiet,
            int critical,
            int riders,
            int sensorFaults,
            Acknowledgements acknowledgements) {}

    /**
     * How alerts were acknowledged, by the rider or by staff; times from the reading that raised the alert.
     *
     * @param missing alerts without acknowledgement, quiet ones not counted
     * @param medianS null without an acknowledgement
     * @param slowestS null without an acknowledgement
     */
    public record Acknowledgements(
            int number,
            int missing,
            @Nullable Double medianS,
            @Nullable Double slowestS) {
        public static final Acknowledgements NONE = new Acknowledgements(0, 0, null, null);
    }

    /**
     * How complete the data is.
     *
     * @param expected one reading a second up to the last of each ride
     * @param quarantined unusable records of the day
     * @param open rides in progress when the figures were read
     * @param abandoned rides whose bike stopped sending
     * @param unnamed rides without a known rider
     */
    public record Quality(
            long received,
            long expected,
            long withoutHeartRate,
            long withoutPower,
            long quarantined,
            int open,
            int abandoned,
            int unnamed) {}

    /**
     * A rider's day.
     *
     * @param name null if unknown or erased
     * @param age of the latest ride
     */
    public record RiderLine(
            long riderId,
            @Nullable String name,
            Gender gender,
            @Nullable Integer age,
            Counts counts,
            @Nullable Integer heartRateMaxBpm,
            int alerts) {}

    public boolean isEmpty() {
        return totals.counts().rides() == 0;
    }

    /** The counts of a group; null means all. */
    public Counts counts(@Nullable Gender gender, @Nullable ReportAgeGroup age) {
        return groups.stream()
                .filter(group -> group.gender() == gender && group.age() == age)
                .map(Group::counts)
                .findFirst()
                .orElse(Counts.NONE);
    }

    /** The genders with rides. */
    public List<Gender> genders() {
        return Arrays.stream(Gender.values())
                .filter(gender -> counts(gender, null).rides() > 0)
                .toList();
    }

    public @Nullable Best best(Best.Kind kind) {
        return records.stream().filter(best -> best.kind() == kind).findFirst().orElse(null);
    }
}
