package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.AgeGroup;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider.Gender;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many alerts each policy would have raised for rides that were stored. Takes them in the order of their start; the
 * maxima of the policy {@code personal} are learnt from the rides taken before, of up to {@value #MAX_RIDERS} riders.
 * Not thread-safe.
 */
public final class PolicyTrial {
    static final int MAX_RIDERS = 50_000;
    private static final int SECONDS_PER_HOUR = 3_600;

    public enum Policy {
        CUSTOMER,
        PERSONAL;

        /** The name in the configuration and the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A stored ride.
     *
     * @param riderId null if unknown: then nothing is learnt from the ride
     * @param ageYears at the start of the ride; null if unknown: then the formulas give no limits
     */
    public record TrialRide(
            long rideId,
            @Nullable Long riderId,
            Gender gender,
            @Nullable Integer ageYears,
            RiderAlertSetting setting,
            long startedAtMicros,
            RideSeries series) {}

    /**
     * Rides of one age group and gender.
     *
     * @param age null if unknown
     */
    public record Group(@Nullable AgeGroup age, Gender gender) {}

    /** Alerts of one policy by the rule that they broke. */
    public record Alerts(int range, int notPedalling, int noRecovery) {
        static final Alerts NONE = new Alerts(0, 0, 0);

        public int total() {
            return range + notPedalling + noRecovery;
        }

        Alerts plus(Alerts other) {
            return new Alerts(range + other.range, notPedalling + other.notPedalling, noRecovery + other.noRecovery);
        }

        private Alerts plus(Episode.Rule rule) {
            return switch (rule) {
                case RANGE -> new Alerts(range + 1, notPedalling, noRecovery);
                case NOT_PEDALLING -> new Alerts(range, notPedalling + 1, noRecovery);
                case NO_RECOVERY -> new Alerts(range, notPedalling, noRecovery + 1);
            };
        }
    }

    /**
     * What both policies raise for some rides.
     *
     * @param readings seconds with a reading
     */
    public record Tally(int rides, long readings, Alerts customer, Alerts personal) {
        static final Tally NONE = new Tally(0, 0, Alerts.NONE, Alerts.NONE);

        public double rideHours() {
            return (double) readings / SECONDS_PER_HOUR;
        }

        /** Alerts per 1,000 hours of rides; 0 without rides. */
        public double perThousandHours(Alerts alerts) {
            return readings == 0 ? 0 : alerts.total() * 1_000.0 / rideHours();
        }

        Tally plus(Tally other) {
            return new Tally(
                    rides + other.rides,
                    readings + other.readings,
                    customer.plus(other.customer),
                    personal.plus(other.personal));
        }
    }

    /** A ride with its alerts under each policy. */
    public record AlertedRide(long rideId, Alerts customer, Alerts personal) {}

    private final HeartRatePolicy policy;
    private final Policy listed;
    private final int maxListed;
    private final Map<Group, Tally> groups = new HashMap<>();
    private final List<AlertedRide> alerted = new ArrayList<>();
    private final Map<Long, PersonalMaximum> learnt = new LinkedHashMap<>();

    /**
     * @param listed rides with alerts of this policy are listed
     * @param maxListed the most rides that are listed
     */
    public PolicyTrial(HeartRatePolicy policy, Policy listed, int maxListed) {
        this.policy = policy;
        this.listed = listed;
        this.maxListed = maxListed;
    }

    public void add(TrialRide ride) {
        Long rider = ride.riderId();
        PersonalMaximum before = rider == null ? null : learnt.get(rider);
        HeartRateLimits formula = HeartRateLimits.of(ride.gender(), ride.ageYears());
        HeartRateLimits own = PersonalMaximum.limits(ride.gender(), ride.ageYears(), before, ride.startedAtMicros());
        Alerts customer = run(new HeartRateWatch(policy, ride.setting().limits(formula), false), ride.series());
        Alerts personal = run(new PersonalWatch(policy, ride.setting().limits(own), false), ride.series());
        Tally tally = new Tally(1, ride.series().readings(), customer, personal);
        groups.merge(new Group(AgeGroup.of(ride.ageYears()), ride.gender()), tally, Tally::plus);
        if ((listed == Policy.CUSTOMER ? customer : personal).total() > 0 && alerted.size() < maxListed) {
            alerted.add(new AlertedRide(ride.rideId(), customer, personal));
        }
        learn(ride, before, own);
    }

    private void learn(TrialRide ride, @Nullable PersonalMaximum before, @Nullable HeartRateLimits limits) {
        Long rider = ride.riderId();
        Integer age = ride.ageYears();
        PersonalMaximum shown = limits == null ? null : PersonalMaximum.of(ride.series(), policy, limits);
        if (shown == null || rider == null || age == null) {
            return;
        }
        learnt.remove(rider);
        learnt.put(rider, before == null ? shown : PersonalMaximum.higher(before, shown, age));
        if (learnt.size() > MAX_RIDERS) {
            learnt.remove(learnt.keySet().iterator().next());
        }
    }

    private static Alerts run(HeartRateWatch watch, RideSeries series) {
        Alerts alerts = Alerts.NONE;
        for (int s = series.firstS(); s <= series.lastS(); s++) {
            if (series.has(s)) {
                for (HeartRateEvent event : watch.accept(series.get(s))) {
                    alerts = event instanceof HeartRateEvent.Raised raised
                            ? alerts.plus(raised.episode().rule())
                            : alerts;
                }
            }
        }
        return alerts;
    }

    /** By age group, unknown ages last, then by gender. */
    public List<Map.Entry<Group, Tally>> groups() {
        Comparator<Map.Entry<Group, Tally>> byAge =
                Comparator.comparing(group -> group.getKey().age(), Comparator.nullsLast(Comparator.naturalOrder()));
        return groups.entrySet().stream()
                .sorted(byAge.thenComparing(group -> group.getKey().gender()))
                .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    public Tally total() {
        return groups.values().stream().reduce(Tally.NONE, Tally::plus);
    }

    /** In the order in which they were taken. */
    public List<AlertedRide> listedRides() {
        return List.copyOf(alerted);
    }
}
