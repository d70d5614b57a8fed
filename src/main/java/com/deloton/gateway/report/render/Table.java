package com.deloton.gateway.report.render;

import static com.deloton.gateway.report.figures.NumberFormats.NONE;
import static com.deloton.gateway.report.figures.NumberFormats.count;
import static com.deloton.gateway.report.figures.NumberFormats.share;
import static com.deloton.gateway.report.figures.NumberFormats.time;
import static com.deloton.gateway.report.figures.NumberFormats.unit;

import com.deloton.gateway.mail.MailText;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.DailyFigures.Best;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.RiderLine;
import com.deloton.gateway.report.figures.ReportAgeGroup;
import com.deloton.gateway.ride.Rider.Gender;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of a report, formatted; the first column names the row. */
record Table(String title, List<String> head, List<List<String>> rows) {
    private static final int MAX_COLUMNS_ON_PHONES = 6;
    /** Marks a record; the PDF's font has this character. */
    static final String RECORD = "▲";

    static final List<String> ZONES = List.of("1 very light", "2 light", "3 moderate", "4 vigorous", "5 maximal");

    Table {
        head = List.copyOf(head);
        rows = List.copyOf(rows);
    }

    /** Whether narrow screens omit the column. */
    boolean onlyWide(int column) {
        return head.size() > MAX_COLUMNS_ON_PHONES
                && List.of("Who", "Time", "Alerts").contains(head.get(column));
    }

    static Table genders(DailyFigures figures) {
        List<List<String>> rows = new ArrayList<>();
        for (Gender gender : Gender.values()) {
            add(rows, gender.label(), figures.counts(gender, null));
        }
        return new Table("By gender", countsHead("Gender"), rows);
    }

    static Table ages(DailyFigures figures) {
        List<List<String>> rows = new ArrayList<>();
        for (ReportAgeGroup age : ReportAgeGroup.values()) {
            add(rows, age.label(), figures.counts(null, age));
        }
        return new Table("By age", countsHead("Age"), rows);
    }

    private static List<String> countsHead(String first) {
        return List.of(first, "Riders", "Rides", "Time", "Power", "Heart rate");
    }

    private static void add(List<List<String>> rows, String label, Counts counts) {
        if (counts.rides() > 0) {
            rows.add(List.of(
                    label,
                    count(counts.riders()),
                    count(counts.rides()),
                    time(counts.durationS()),
                    unit(counts.powerMeanW(), "W"),
                    unit(counts.heartRateMeanBpm(), "bpm")));
        }
    }

    static Table power(DailyFigures figures) {
        List<Gender> genders = figures.genders();
        List<String> head = new ArrayList<>(List.of("Age"));
        genders.forEach(gender -> head.add(gender.label()));
        List<List<String>> rows = new ArrayList<>();
        for (ReportAgeGroup age : ReportAgeGroup.values()) {
            if (figures.counts(null, age).rides() > 0) {
                List<String> row = new ArrayList<>(List.of(age.label()));
                genders.forEach(
                        gender -> row.add(unit(figures.counts(gender, age).powerMeanW(), "W")));
                rows.add(row);
            }
        }
        return new Table("Mean power by age and gender", head, rows);
    }

    static Table zones(DailyFigures figures) {
        long all = figures.zoneS().stream().mapToLong(Long::longValue).sum();
        List<List<String>> rows = new ArrayList<>();
        for (int zone = 0; zone < ZONES.size() && all > 0; zone++) {
            long seconds = figures.zoneS().get(zone);
            rows.add(List.of(ZONES.get(zone), time(seconds), share(seconds, all)));
        }
        return new Table("Time in heart-rate zones", List.of("Zone", "Time", "Share"), rows);
    }

    static Table records(DailyFigures figures, ReportOptions options) {
        List<List<String>> rows = new ArrayList<>();
        for (Best best : figures.records()) {
            String who = best.gender().label() + ", " + best.age().label();
            rows.add(List.of(
                    label(best.kind()),
                    value(best.kind(), best.value()) + (best.isRecord() ? " " + RECORD : ""),
                    best.before() == null ? NONE : value(best.kind(), best.before()),
                    options.riders() && best.riderId() != null ? rider(figures, best.riderId(), options) : who));
        }
        return new Table("Best of the day", List.of("", "Best", "Best before", "By"), rows);
    }

    private static String rider(DailyFigures figures, long riderId, ReportOptions options) {
        return figures.riders().stream()
                .filter(line -> line.riderId() == riderId)
                .findFirst()
                .map(line -> rider(line, options))
                .orElse("Rider " + riderId);
    }

    private static String label(Best.Kind kind) {
        return switch (kind) {
            case DURATION_S -> "Longest ride";
            case ENERGY_KJ -> "Most energy";
            case POWER_5S_W -> "Best 5 s";
            case POWER_1MIN_W -> "Best minute";
            case POWER_5MIN_W -> "Best 5 min";
            case POWER_20MIN_W -> "Best 20 min";
        };
    }

    private static String value(Best.Kind kind, double value) {
        return switch (kind) {
            case DURATION_S -> time(Math.round(value));
            case ENERGY_KJ -> unit(value, "kJ");
            default -> unit(value, "W");
        };
    }

    /** Up to {@code maxRiders} riders. */
    static Table riders(DailyFigures figures, ReportOptions options) {
        List<List<String>> rows = new ArrayList<>();
        for (RiderLine line :
                figures.riders().stream().limit(options.maxRiders()).toList()) {
            Counts counts = line.counts();
            rows.add(List.of(
                    rider(line, options),
                    group(line.gender(), line.age()),
                    count(counts.rides()),
                    time(counts.durationS()),
                    unit(counts.energyKj(), "kJ"),
                    unit(counts.powerMeanW(), "W"),
                    unit(counts.heartRateMeanBpm(), "bpm"),
                    line.alerts() == 0 ? NONE : count(line.alerts())));
        }
        return new Table(
                "Riders by energy",
                List.of("Rider", "Who", "Rides", "Time", "Energy", "Power", "Heart rate", "Alerts"),
                rows);
    }

    private static String group(Gender gender, @Nullable Integer age) {
        return gender.label() + (age == null ? "" : ", " + age);
    }

    static String rider(RiderLine line, ReportOptions options) {
        return options.names() && line.name() != null ? MailText.line(line.name()) : "Rider " + line.riderId();
    }
}
