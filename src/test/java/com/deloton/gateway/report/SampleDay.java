package com.deloton.gateway.report;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.DailyFigures.Acknowledgements;
import com.deloton.gateway.report.figures.DailyFigures.Alerts;
import com.deloton.gateway.report.figures.DailyFigures.Best;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.Group;
import com.deloton.gateway.report.figures.DailyFigures.Quality;
import com.deloton.gateway.report.figures.DailyFigures.RiderLine;
import com.deloton.gateway.report.figures.DailyFigures.Totals;
import com.deloton.gateway.report.figures.ReportAgeGroup;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.simulate.model.SimulatedRider;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An invented day that looks like one: for what is drawn, not for what is counted. */
final class SampleDay {
    static final ReportDay MONDAY = new ReportDay(LocalDate.parse("2026-11-23"), ZoneId.of("Europe/London"));
    private static final Instant NOW = Instant.parse("2026-11-24T09:30:00Z");
    private static final int[] RIDES = {
        6, 3, 1, 0, 2, 14, 61, 118, 96, 58, 41, 39, 72, 66, 38, 35, 52, 104, 157, 171, 122, 74, 38, 17
    };
    private static final int[] RIDERS = {14, 58, 121, 108, 84, 57, 24, 9, 7};
    private static final double[] SHARES = {0.46, 0.44, 0.06, 0.04};
    private static final double[] WATTS = {118, 152, 168, 164, 157, 143, 121, 98, 140};

    private SampleDay() {}

    /** {@code riders} lines, the names as given or invented. */
    static DailyFigures busy(int riders, @Nullable String name) {
        List<Group> groups = new ArrayList<>();
        Counts[] genders = new Counts[4];
        for (int a = 0; a < RIDERS.length; a++) {
            int all = 0;
            for (Gender gender : Gender.values()) {
                int g = List.of(Gender.values()).indexOf(gender);
                int in = (int) Math.round(RIDERS[a] * SHARES[g]);
                all += in;
                if (in > 0) {
                    double watts = WATTS[a] * (g == 1 ? 1.12 : g == 0 ? 0.88 : 1);
                    Counts counts = counts(in, watts, 148 - a * 4.5 + g);
                    groups.add(new Group(gender, age(a), counts));
                    Counts sum = genders[g];
                    genders[g] =
                            counts(in + (sum == null ? 0 : sum.riders()), g == 1 ? 171 : g == 0 ? 139 : 151, 131 + g);
                }
            }
            groups.add(new Group(null, age(a), counts(all, WATTS[a], 148 - a * 4.5)));
        }
        for (int g = 0; g < genders.length; g++) {
            groups.add(new Group(List.of(Gender.values()).get(g), null, genders[g]));
        }
        List<RiderLine> lines = new ArrayList<>();
        for (int i = 0; i < riders; i++) {
            SimulatedRider rider = SimulatedRider.generate(3, 1_000 + i, MONDAY.date());
            lines.add(new RiderLine(
                    1_000 + i,
                    name == null ? rider.name().replaceFirst("^(Mr|Mrs|Miss|Ms|Dr)\\.? ", "") : name,
                    "male".equals(rider.gender()) ? Gender.MALE : Gender.FEMALE,
                    rider.dateOfBirth().until(MONDAY.date()).getYears(),
                    new Counts(4 - i % 3, 1, 9_400 - 130L * i, 1_450 - 21.0 * i, 178 - 1.7 * i, 149 - 0.6 * i),
                    178 - i,
                    i % 9 == 4 ? 1 : 0));
        }
        List<Integer> hours = new ArrayList<>();
        for (int rides : RIDES) {
            hours.add(rides);
        }
        return new DailyFigures(
                MONDAY,
                NOW,
                new Totals(new Counts(1_385, 482, 2_492_600, 388_845, 156.0, 132.4), 151.2, 134.1),
                new Totals(new Counts(1_284, 451, 2_310_000, 358_050, 155.0, 133.0), 150.1, 134.8),
                new Totals(new Counts(1_402, 489, 2_530_000, 389_000, 153.8, 131.9), 149.7, 133.2),
                groups,
                hours,
                List.of(312_000L, 391_000L, 902_000L, 655_000L, 41_000L),
                List.of(
                        best(Best.Kind.DURATION_S, 7_265, 7_410.0, 1_003),
                        best(Best.Kind.ENERGY_KJ, 1_450, 1_421.0, 1_000),
                        best(Best.Kind.POWER_5S_W, 1_485, 1_512.0, 1_004),
                        best(Best.Kind.POWER_1MIN_W, 612, 655.0, 1_004),
                        best(Best.Kind.POWER_5MIN_W, 421, 410.0, 1_000),
                        best(Best.Kind.POWER_20MIN_W, 338, 352.0, 1_001)),
                new Alerts(23, 19, 0, 1, 3, 4, 21, 2, new Acknowledgements(12, 8, 65.0, 760.4)),
                new Quality(2_489_310, 2_492_600, 96_480, 212, 3, 0, 4, 9),
                lines);
    }

    /** A day on which nobody rode, two days after it began to rain. */
    static DailyFigures empty(Totals dayBefore, Totals weekBefore, long quarantined) {
        return new DailyFigures(
                MONDAY,
                NOW,
                new Totals(Counts.NONE, null, null),
                dayBefore,
                weekBefore,
                List.of(),
                java.util.Collections.nCopies(24, 0),
                List.of(0L, 0L, 0L, 0L, 0L),
                List.of(),
                new Alerts(0, 0, 0, 0, 0, 0, 0, 0, Acknowledgements.NONE),
                new Quality(0, 0, 0, 0, quarantined, 0, 0, 0),
                List.of());
    }

    private static ReportAgeGroup age(int index) {
        return List.of(ReportAgeGroup.values()).get(index);
    }

    private static Counts counts(int riders, double watts, double bpm) {
        int rides = (int) Math.round(riders * 2.87);
        return new Counts(rides, riders, rides * 1_800L, rides * 280.0, watts, bpm);
    }

    private static Best best(Best.Kind kind, double value, @Nullable Double before, long rider) {
        return new Best(kind, value, before, rider * 10, rider, Gender.FEMALE, ReportAgeGroup.FROM_35);
    }
}
