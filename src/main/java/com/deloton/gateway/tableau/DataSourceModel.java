package com.deloton.gateway.tableau;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a Tableau data source holds: views and how they hang together. The first view is the one that the others
 * belong to.
 *
 * @param name of its file, without the ending
 * @param hierarchies names to local field names, coarse to fine
 */
record DataSourceModel(
        String name,
        String caption,
        List<String> views,
        List<Relationship> relationships,
        List<Calculation> calculations,
        Map<String, List<String>> hierarchies) {

    /**
     * @param unique whether there is at most one row of {@code to} for each of {@code from}; otherwise it is the reverse
     * @param columns the columns, named alike in both views, that must be equal
     */
    record Relationship(String from, String to, boolean unique, List<String> columns) {}

    /** @param formula in Tableau's language, with local field names */
    record Calculation(
            String name,
            String caption,
            String dataType,
            String format,
            String formula,
            String folder,
            String description) {}

    private static final List<Field> FIELDS = read();

    private static final Relationship RIDE_TO_RIDER =
            new Relationship("fact_ride", "dim_rider", true, List.of("rider_key"));
    private static final Relationship RIDE_TO_BIKE =
            new Relationship("fact_ride", "dim_bike", true, List.of("bike_key"));
    private static final Relationship RIDE_TO_DATE = new Relationship("fact_ride", "dim_date", true, List.of("day"));
    private static final Map<String, List<String>> CALENDAR =
            Map.of("Calendar", List.of("year", "quarter", "month", "day (dim_date)"));

    static final DataSourceModel RIDES = new DataSourceModel(
            "deloton",
            "Deloton rides",
            List.of("fact_ride", "dim_rider", "dim_bike", "dim_date", "fact_ride_minute", "fact_alert"),
            List.of(
                    RIDE_TO_RIDER,
                    RIDE_TO_BIKE,
                    RIDE_TO_DATE,
                    new Relationship("fact_ride", "fact_ride_minute", false, List.of("ride_key", "day")),
                    new Relationship("fact_ride", "fact_alert", false, List.of("ride_key"))),
            List.of(
                    new Calculation(
                            "Calculation_1001",
                            "Rides",
                            "integer",
                            "n#,##0",
                            "COUNT([ride_key])",
                            "Ride",
                            "Number of rides."),
                    new Calculation(
                            "Calculation_1002",
                            "Riders",
                            "integer",
                            "n#,##0",
                            "COUNTD([rider_key])",
                            "Rider",
                            "Number of different riders that are known."),
                    new Calculation(
                            "Calculation_1003",
                            "Power over all seconds",
                            "real",
                            "n#,##0\" W\"",
                            "1000 * SUM([energy_kj]) / SUM([readings])",
                            "Power",
                            "Mean power in W in which each second counts the same, not each ride."),
                    new Calculation(
                            "Calculation_1004",
                            "Share missing",
                            "real",
                            "p0.00%",
                            "SUM([missing_s]) / SUM([duration_s])",
                            "Data quality",
                            "Seconds without a reading in those of all rides."),
                    new Calculation(
                            "Calculation_1005",
                            "Share with heart rate",
                            "real",
                            "p0.0%",
                            "SUM([heart_rate_measured_s]) / SUM([readings])",
                            "Data quality",
                            "Readings in which the heart rate was measured."),
                    new Calculation(
                            "Calculation_1006",
                            "Alerts",
                            "integer",
                            "n#,##0",
                            "COUNT([episode_s])",
                            "Alerts",
                            "Number of episodes."),
                    new Calculation(
                            "Calculation_1007",
                            "Alerts per 1,000 rides",
                            "real",
                            "n#,##0.0",
                            "1000 * COUNT([episode_s]) / COUNT([ride_key])",
                            "Alerts",
                            "Episodes to rides.")),
            CALENDAR);

    static final DataSourceModel READINGS = new DataSourceModel(
            "deloton-readings",
            "Deloton readings (drill-down)",
            List.of("fact_ride", "fact_reading", "dim_date"),
            List.of(new Relationship("fact_ride", "fact_reading", false, List.of("ride_key", "day")), RIDE_TO_DATE),
            List.of(),
            CALENDAR);

    static List<Field> fieldsOf(String view) {
        return FIELDS.stream().filter(field -> field.view().equals(view)).toList();
    }

    /** All fields, view by view. */
    List<Field> fields() {
        return views.stream().flatMap(view -> fieldsOf(view).stream()).toList();
    }

    /** The name in the data source: the column's, with its view added if an earlier view has that column too. */
    String local(Field field) {
        boolean first = fields().stream()
                .filter(other -> other.column().equals(field.column()))
                .findFirst()
                .orElseThrow()
                .equals(field);
        return first ? field.column() : field.column() + " (" + field.view() + ")";
    }

    String local(String view, String column) {
        return local(fieldsOf(view).stream()
                .filter(field -> field.column().equals(column))
                .findFirst()
                .orElseThrow());
    }

    private static List<Field> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(DataSourceModel.class.getResourceAsStream("/tableau/fields.tsv")),
                StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(Field::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
