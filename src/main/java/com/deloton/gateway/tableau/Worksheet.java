package com.deloton.gateway.tableau;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A worksheet. Fields on it are pills, {@code derivation:local name}, with {@code :qk} added where a dimension makes an
 * axis: {@code avg:power_mean_w}, {@code none:minute_no:qk}, {@code usr:Calculation_1001} for a calculation.
 *
 * @param title what it shows, above it
 * @param values the measures that share an axis; empty if none do
 * @param tooltip further pills told about each mark
 * @param top how many members of the first row are kept, by their first column; 0 keeps all
 */
record Worksheet(
        String name,
        String title,
        String mark,
        List<String> rows,
        List<String> cols,
        List<String> values,
        @Nullable String color,
        List<String> tooltip,
        List<Sort> sorts,
        List<Filter> filters,
        int top) {
    static final String NAMES = "Measure Names";
    static final String VALUES = "Multiple Values";

    record Sort(String pill, String by, boolean ascending) {}

    /** A filter that lets everything pass until somebody uses it; one on an axis drops NULL only. */
    record Filter(String pill, boolean shown) {}

    private static final Sort AGE = new Sort("none:age_band", "min:age_band_no", true);
    private static final String RIDES = "usr:Calculation_1001";
    private static final String RIDER = "none:rider_key (dim_rider)";

    static final List<Worksheet> ALL = List.of(
            chart("Rides by day", "Rides by UTC day", "Bar", List.of(RIDES), List.of("tdy:day:qk"), null),
            new Worksheet(
                    "Rides by hour and weekday",
                    "When rides begin: hour of the UTC day by weekday",
                    "Square",
                    List.of("none:weekday"),
                    List.of("none:start_hour_utc"),
                    List.of(),
                    RIDES,
                    List.of("usr:Calculation_1002"),
                    List.of(new Sort("none:weekday", "min:weekday_no", true)),
                    List.of(),
                    0),
            new Worksheet(
                    "Power by age band and gender",
                    "Mean power of rides by age band and gender",
                    "Bar",
                    List.of("avg:power_mean_w"),
                    List.of("none:age_band", "none:gender"),
                    List.of(),
                    "none:gender",
                    List.of(RIDES, "avg:power_mean_w_per_kg"),
                    List.of(AGE),
                    List.of(),
                    0),
            new Worksheet(
                    "Time in heart-rate zones",
                    "Seconds in each heart-rate zone by age band",
                    "Bar",
                    List.of(VALUES),
                    List.of("none:age_band"),
                    List.of("sum:zone1_s", "sum:zone2_s", "sum:zone3_s", "sum:zone4_s", "sum:zone5_s"),
                    NAMES,
                    List.of(),
                    List.of(AGE),
                    List.of(),
                    0),
            new Worksheet(
                    "Leaderboard",
                    "The 25 riders with the most energy; numbers stand for riders",
                    "Bar",
                    List.of(RIDER),
                    List.of("sum:energy_kj"),
                    List.of(),
                    "none:gender (dim_rider)",
                    List.of(RIDES, "max:power_best_20min_w", "max:power_best_20min_w_per_kg"),
                    List.of(new Sort(RIDER, "sum:energy_kj", false)),
                    List.of(
                            new Filter("none:day:qk", true),
                            new Filter("none:gender (dim_rider)", true),
                            new Filter("none:age_band (dim_rider)", true),
                            new Filter("none:rider_key (dim_rider):qk", false)),
                    25),
            chart(
                    "Power through a ride",
                    "Mean power by minute of the ride and gender",
                    "Line",
                    List.of("avg:power_mean_w (fact_ride_minute)"),
                    List.of("none:minute_no:qk"),
                    "none:gender"),
            new Worksheet(
                    "Alerts",
                    "Heart-rate episodes by UTC day and severity",
                    "Bar",
                    List.of("usr:Calculation_1006"),
                    List.of("tdy:day (fact_alert):qk"),
                    List.of(),
                    "none:severity",
                    List.of("avg:mailed_after_s"),
                    List.of(),
                    List.of(new Filter("none:direction", true)),
                    0),
            chart(
                    "Data quality",
                    "Seconds missing, and readings with a heart rate, by UTC day",
                    "Line",
                    List.of("usr:Calculation_1004", "usr:Calculation_1005"),
                    List.of("tdy:day:qk"),
                    null));

    private static Worksheet chart(
            String name, String title, String mark, List<String> rows, List<String> cols, @Nullable String color) {
        return new Worksheet(name, title, mark, rows, cols, List.of(), color, List.of(), List.of(), List.of(), 0);
    }

    /** Every pill once, in a stable order, without those for several measures at a time. */
    List<String> pills() {
        List<String> all = new ArrayList<>();
        all.addAll(rows);
        all.addAll(cols);
        all.addAll(values);
        if (color != null) {
            all.add(color);
        }
        all.addAll(tooltip);
        sorts.forEach(sort -> all.addAll(List.of(sort.pill(), sort.by())));
        filters.forEach(filter -> all.add(filter.pill()));
        return all.stream()
                .filter(pill -> !pill.equals(VALUES) && !pill.equals(NAMES))
                .distinct()
                .toList();
    }

    Stream<Filter> shownFilters() {
        return filters.stream().filter(Filter::shown);
    }
}
