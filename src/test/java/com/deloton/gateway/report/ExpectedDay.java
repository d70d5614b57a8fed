package com.deloton.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.DailyFigures.Best;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.RiderLine;
import com.deloton.gateway.report.figures.ReportAgeGroup;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.simulate.model.ExpectedRide;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;

/** What a day's figures must be, worked out from what the bikes said: no SQL, and none of the gateway's sums. */
final class ExpectedDay {
    private static final Offset<Double> CLOSE = Offset.offset(0.01);

    private final List<Known> all = new ArrayList<>();
    private final ReportDay day;

    /** A ride of the ledger with its rider as of its start. */
    private record Known(
            ExpectedRide ride, Gender gender, @Nullable Integer age, boolean open) {
        /** Neither a Telemetry line with which a ride was joined, nor a Ride line at the very end of the stream. */
        List<ExpectedRide.ExpectedReading> readings() {
            List<ExpectedRide.ExpectedReading> all = ride.readings();
            boolean joined = ride.logOnMicros() == null && all.getFirst().resistance() == null;
            List<ExpectedRide.ExpectedReading> readings = joined ? all.subList(1, all.size()) : all;
            boolean half = open && !readings.isEmpty() && readings.getLast().powerW() == null;
            return half ? readings.subList(0, readings.size() - 1) : readings;
        }

        /** The log-on; of a ride that was joined, so long before its first reading as that says. */
        Instant start() {
            Long logOn = ride.logOnMicros();
            ExpectedRide.ExpectedReading first = logOn == null ? readings().getFirst() : null;
            return first == null
                    ? at(Objects.requireNonNull(logOn))
                    : at(first.atMicros()).minusSeconds(first.elapsedS());
        }

        Stream<Double> watts() {
            return readings().stream()
                    .map(ExpectedRide.ExpectedReading::powerW)
                    .filter(Objects::nonNull)
                    .filter(w -> w >= 0 && w <= 3_000)
                    .map(w -> (double) w.floatValue());
        }

        Stream<Integer> bpm() {
            return readings().stream()
                    .map(ExpectedRide.ExpectedReading::heartRateBpm)
                    .filter(Objects::nonNull)
                    .filter(b -> b >= 30 && b <= 250);
        }

        int seconds() {
            return readings().isEmpty() ? 0 : readings().getLast().elapsedS();
        }

        double energy() {
            return watts().mapToDouble(w -> w).sum() / 1_000;
        }
    }

    /** A day, and what the bikes said by then and since; the latest ride of each bike goes on. */
    ExpectedDay(List<ExpectedRide> ledger, ReportDay day) {
        this.day = day;
        List<ExpectedRide> rides = ledger.stream()
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .toList();
        Map<String, Long> latest = rides.stream()
                .collect(Collectors.toMap(ExpectedRide::bikeSerial, ExpectedRide::startMicros, Math::max));
        rides.forEach(ride -> all.add(known(ride, ride.startMicros() == latest.getOrDefault(ride.bikeSerial(), 0L))));
    }

    private static Known known(ExpectedRide ride, boolean open) {
        if (ride.riderUserId() == null) {
            return new Known(ride, Gender.UNKNOWN, null, open);
        }
        Gender gender = switch (ride.gender()) {
            case "male" -> Gender.MALE;
            case "female" -> Gender.FEMALE;
            case null -> Gender.UNKNOWN;
            default -> Gender.OTHER;
        };
        LocalDate born = ride.dateOfBirth();
        LocalDate at = LocalDate.ofInstant(at(Objects.requireNonNull(ride.logOnMicros())), ZoneOffset.UTC);
        return new Known(
                ride, gender, born == null ? null : (Integer) born.until(at).getYears(), open);
    }

    private static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Rides that started from an instant up to, without, another. */
    int rides(Instant from, Instant to) {
        return (int) all.stream()
                .filter(k -> !k.start().isBefore(from) && k.start().isBefore(to))
                .count();
    }

    /** Rides that were going on at an instant. */
    int ridesOver(Instant at) {
        return (int) all.stream()
                .filter(k -> k.start().isBefore(at)
                        && k.start().plusSeconds(k.seconds()).isAfter(at))
                .count();
    }

    private List<Known> of(ReportDay of, Predicate<Known> which) {
        return all.stream()
                .filter(k -> !k.start().isBefore(of.start()) && k.start().isBefore(of.end()))
                .filter(which)
                .toList();
    }

    void equals(DailyFigures figures) {
        List<Known> rides = of(day, k -> true);
        same(figures.totals().counts(), rides, "all");
        same(figures.dayBefore().counts(), of(day.minusDays(1), k -> true), "day before");
        same(figures.weekBefore().counts(), of(day.minusDays(7), k -> true), "week before");
        for (Gender gender : Gender.values()) {
            same(figures.counts(gender, null), of(day, k -> k.gender() == gender), gender.label());
            for (ReportAgeGroup age : ReportAgeGroup.values()) {
                same(
                        figures.counts(gender, age),
                        of(day, k -> k.gender() == gender && ReportAgeGroup.of(k.age()) == age),
                        gender + " " + age);
            }
        }
        for (ReportAgeGroup age : ReportAgeGroup.values()) {
            same(figures.counts(null, age), of(day, k -> ReportAgeGroup.of(k.age()) == age), age.label());
        }
        riders(figures, rides);
        hours(figures, rides);
        zones(figures, rides);
        records(figures, rides);
        quality(figures, rides);
        long episodes = rides.stream()
                .filter(k -> k.ride().riderUserId() != null)
                .filter(k -> !k.ride().episodes().isEmpty())
                .count();
        assertThat(figures.alerts().raised() - figures.alerts().quiet()).isEqualTo((int) episodes);
        assertThat(figures.alerts().waiting()).isEqualTo((int) episodes);
        assertThat(figures.alerts().mailed()).isZero();
    }

    private static void same(Counts counts, List<Known> rides, String what) {
        assertThat(counts.rides()).as("rides: " + what).isEqualTo(rides.size());
        assertThat(counts.riders()).as("riders: " + what).isEqualTo((int) rides.stream()
                .map(k -> k.ride().riderUserId())
                .filter(Objects::nonNull)
                .distinct()
                .count());
        assertThat(counts.durationS())
                .as("seconds: " + what)
                .isEqualTo(rides.stream().mapToLong(Known::seconds).sum());
        assertThat(counts.energyKj())
                .as("energy: " + what)
                .isCloseTo(rides.stream().mapToDouble(Known::energy).sum(), CLOSE);
        close(counts.powerMeanW(), watts(rides), "power: " + what);
        close(counts.heartRateMeanBpm(), bpm(rides), "heart rate: " + what);
    }

    private static @Nullable Double watts(List<Known> rides) {
        return mean(rides.stream().flatMap(Known::watts));
    }

    private static @Nullable Double bpm(List<Known> rides) {
        return mean(rides.stream().flatMap(Known::bpm).map(b -> (double) b));
    }

    private static @Nullable Double mean(Stream<Double> values) {
        var mean = values.mapToDouble(v -> v).average();
        return mean.isPresent() ? (Double) mean.getAsDouble() : null;
    }

    private static void close(@Nullable Double found, @Nullable Double expected, String what) {
        if (expected == null || found == null) {
            assertThat(found).as(what).isEqualTo(expected);
        } else {
            assertThat(found).as(what).isCloseTo(expected, CLOSE);
        }
    }

    private static void riders(DailyFigures figures, List<Known> rides) {
        Map<Long, List<Known>> riders = rides.stream()
                .filter(k -> k.ride().riderUserId() != null)
                .collect(Collectors.groupingBy(k -> k.ride().riderUserId(), TreeMap::new, Collectors.toList()));
        assertThat(figures.riders()).hasSize(riders.size());
        for (RiderLine line : figures.riders()) {
            List<Known> own = riders.getOrDefault(line.riderId(), List.of());
            same(line.counts(), own, "rider " + line.riderId());
            Known last = own.stream().max(Comparator.comparing(Known::start)).orElseThrow();
            assertThat(line.gender()).isEqualTo(last.gender());
            assertThat(line.age()).isEqualTo(last.age());
            assertThat(line.heartRateMaxBpm())
                    .isEqualTo(own.stream()
                            .flatMap(Known::bpm)
                            .max(Integer::compare)
                            .orElse(null));
        }
        assertThat(figures.riders()).extracting(r -> -r.counts().energyKj()).isSorted();
        close(figures.totals().riderPowerMeanW(), meanOfMeans(riders, ExpectedDay::watts), "power a rider");
        close(figures.totals().riderHeartRateMeanBpm(), meanOfMeans(riders, ExpectedDay::bpm), "heart rate a rider");
    }

    private static @Nullable Double meanOfMeans(
            Map<Long, List<Known>> riders, java.util.function.Function<List<Known>, @Nullable Double> mean) {
        List<Double> means = new ArrayList<>();
        riders.values().forEach(own -> {
            Double one = mean.apply(own);
            if (one != null) {
                means.add(one);
            }
        });
        return mean(means.stream());
    }

    private void hours(DailyFigures figures, List<Known> rides) {
        List<Integer> hours = new ArrayList<>();
        for (Instant from = day.start(); from.isBefore(day.end()); from = from.plusSeconds(3_600)) {
            Instant begin = from;
            hours.add((int) rides.stream()
                    .filter(k -> !k.start().isBefore(begin) && k.start().isBefore(begin.plusSeconds(3_600)))
                    .count());
        }
        assertThat(figures.ridesPerHour()).isEqualTo(hours);
    }

    /** ACSM: below 57, 64, 77 and 96 % of the maximum, and above. */
    private static void zones(DailyFigures figures, List<Known> rides) {
        long[] seconds = new long[5];
        for (Known k : rides) {
            if (k.age() != null && !k.open()) {
                int max = Objects.requireNonNull(HeartRateLimits.of(k.gender(), k.age()))
                        .maxBpm();
                k.bpm().forEach(bpm -> {
                    double percent = 100.0 * bpm / max;
                    seconds[percent < 57 ? 0 : percent < 64 ? 1 : percent < 77 ? 2 : percent < 96 ? 3 : 4]++;
                });
            }
        }
        assertThat(figures.zoneS()).containsExactly(seconds[0], seconds[1], seconds[2], seconds[3], seconds[4]);
    }

    private void records(DailyFigures figures, List<Known> rides) {
        List<Known> earlier = all.stream()
                .filter(k -> !k.open() && k.start().isBefore(day.start()))
                .toList();
        best(figures, Best.Kind.DURATION_S, rides, earlier, Known::seconds);
        best(figures, Best.Kind.ENERGY_KJ, rides, earlier, Known::energy);
    }

    private static void best(
            DailyFigures figures,
            Best.Kind kind,
            List<Known> rides,
            List<Known> earlier,
            ToDoubleFunction<Known> value) {
        Best best = Objects.requireNonNull(figures.best(kind));
        OptionalDouble before = earlier.stream().mapToDouble(value).max();
        assertThat(best.value())
                .isCloseTo(rides.stream().mapToDouble(value).max().orElse(0), CLOSE);
        close(best.before(), before.isPresent() ? (Double) before.getAsDouble() : null, kind + " before");
    }

    private static void quality(DailyFigures figures, List<Known> rides) {
        long readings = rides.stream().mapToLong(k -> k.readings().size()).sum();
        assertThat(figures.quality().received()).isEqualTo(readings);
        assertThat(figures.quality().expected())
                .isEqualTo(rides.stream().mapToLong(Known::seconds).sum());
        assertThat(figures.quality().withoutHeartRate())
                .isEqualTo(readings
                        - rides.stream().mapToLong(k -> k.bpm().count()).sum())
                .isPositive();
        assertThat(figures.quality().withoutPower())
                .isEqualTo(readings
                        - rides.stream().mapToLong(k -> k.watts().count()).sum());
        assertThat(figures.quality().open())
                .isEqualTo((int) rides.stream().filter(Known::open).count());
        assertThat(figures.quality().unnamed()).isEqualTo((int)
                rides.stream().filter(k -> k.ride().riderUserId() == null).count());
    }
}
