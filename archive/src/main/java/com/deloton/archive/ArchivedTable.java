package com.deloton.archive;

import static com.deloton.archive.Column.optional;
import static com.deloton.archive.Column.required;

import com.deloton.archive.Totals.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types.NestedField;

/** The tables of the archive, each partitioned by {@code day}, and the tables of PostgreSQL that they copy. */
enum ArchivedTable {
    RIDE(
            "ride",
            "ride",
            "coalesce(readings, 0)",
            List.of(
                    required("ride_id", Kind.BIGINT, "Number of the ride"),
                    required("day", Kind.DATE, "UTC day on which the ride began"),
                    optional("rider_id", Kind.BIGINT, "The customer's user_id; null if unknown or erased"),
                    optional("bike_serial", Kind.TEXT, "Serial number of the bike; null after erasure of the rider"),
                    required("gender", Kind.TEXT, "female, male, other or unknown"),
                    optional("age_years", Kind.SMALLINT, "Full years at the start of the ride"),
                    required("status", Kind.TEXT, "completed or abandoned"),
                    required("started_at", Kind.TIMESTAMP, "Start of the ride"),
                    optional("ended_at", Kind.TIMESTAMP, "When the last reading was measured"),
                    optional("duration_s", Kind.INTEGER, "Last second, s"),
                    optional("moving_s", Kind.INTEGER, "Seconds with cadence above 0, s"),
                    optional("readings", Kind.INTEGER, "Seconds with a reading"),
                    optional("energy_kj", Kind.DOUBLE, "Sum of power over seconds, kJ"),
                    optional("power_mean_w", Kind.DOUBLE, "W"),
                    optional("power_max_w", Kind.DOUBLE, "W"),
                    optional("power_normalized_w", Kind.DOUBLE, "Coggan's normalized power, W"),
                    optional("power_best_5s_w", Kind.DOUBLE, "Highest mean power over 5 s, W"),
                    optional("power_best_1min_w", Kind.DOUBLE, "Highest mean power over 1 min, W"),
                    optional("power_best_5min_w", Kind.DOUBLE, "Highest mean power over 5 min, W"),
                    optional("power_best_20min_w", Kind.DOUBLE, "Highest mean power over 20 min, W"),
                    optional("heart_rate_min_bpm", Kind.SMALLINT, "Beats per minute"),
                    optional("heart_rate_mean_bpm", Kind.DOUBLE, "Beats per minute, over measured values"),
                    optional("heart_rate_max_bpm", Kind.SMALLINT, "Beats per minute"),
                    optional("heart_rate_measured_s", Kind.INTEGER, "Seconds with a measured heart rate, s"),
                    optional("cadence_mean_rpm", Kind.DOUBLE, "Revolutions per minute"),
                    optional("cadence_max_rpm", Kind.SMALLINT, "Revolutions per minute"),
                    optional("resistance_mean", Kind.DOUBLE, "The bike's setting, no unit"),
                    optional("resistance_max", Kind.SMALLINT, "The bike's setting, no unit"),
                    optional("zone_s", Kind.INTEGERS, "Seconds in each ACSM heart-rate zone, 1 to 5, s"))),
    READINGS(
            "ride_readings",
            "ride_series",
            "(SELECT count(d) FROM unnest(delay_ms) d)",
            List.of(
                    required("ride_id", Kind.BIGINT, "Number of the ride"),
                    required("day", Kind.DATE, "UTC day on which the ride began"),
                    required("first_s", Kind.INTEGER, "Second of the ride of the first element of each list, s"),
                    required("zero_at", Kind.TIMESTAMP, "Second 0 of the ride by the bike's clock"),
                    required(
                            "delay_ms",
                            Kind.INTEGERS,
                            "Lateness of the reading, ms; null if the second has no reading"),
                    required("heart_rate_bpm", Kind.SMALLINTS, "Beats per minute; null if not measured"),
                    required("cadence_rpm", Kind.SMALLINTS, "Revolutions per minute; null if missing or impossible"),
                    required("resistance", Kind.SMALLINTS, "The bike's setting, no unit"),
                    required("power_w", Kind.REALS, "Power, W"),
                    optional(
                            "cleaned_s",
                            Kind.INTEGERS,
                            "Seconds with a removed value or a replaced time; null if not stored")));

    static final Namespace NAMESPACE = Namespace.of("archive");

    private final String tableName;
    private final String source;
    private final String readings;
    private final List<Column> columns;

    ArchivedTable(String tableName, String source, String readings, List<Column> columns) {
        this.tableName = tableName;
        this.source = source;
        this.readings = readings;
        this.columns = columns;
    }

    TableIdentifier identifier() {
        return TableIdentifier.of(NAMESPACE, tableName);
    }

    List<Column> columns() {
        return columns;
    }

    Schema schema() {
        AtomicInteger ids = new AtomicInteger(columns.size());
        List<NestedField> fields = new ArrayList<>();
        for (Column column : columns) {
            NestedField.Builder field =
                    column.required() ? NestedField.required(column.name()) : NestedField.optional(column.name());
            fields.add(field.withId(fields.size() + 1)
                    .ofType(column.kind().type(ids::incrementAndGet))
                    .withDoc(column.meaning())
                    .build());
        }
        return new Schema(fields);
    }

    static PartitionSpec partitionedByDay(Schema schema) {
        return PartitionSpec.builderFor(schema).identity("day").build();
    }

    /** SQL: the rows of a day, by ride. */
    String select() {
        return "SELECT " + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + " FROM " + source
                + " WHERE day = ? ORDER BY ride_id";
    }

    /** SQL: rows, readings and checksum of a day, as {@link Sum} computes them of the rows read back. */
    String totals() {
        String bytes = columns.stream()
                .map(column -> "coalesce('\\x01'::bytea || " + column.kind().send(column.name()) + ", '\\x00'::bytea)")
                .collect(Collectors.joining(" || "));
        return "SELECT count(*), coalesce(sum(" + readings + "), 0),"
                + " coalesce(sum(('x' || left(md5(" + bytes + "), 15))::bit(60)::bigint), 0)::text"
                + " FROM " + source + " WHERE day = ?";
    }

    /** Seconds with a reading that a row stands for. */
    long readingsOf(org.apache.iceberg.data.Record row) {
        if (this == READINGS) {
            return ((List<?>) row.getField("delay_ms"))
                    .stream().filter(delay -> delay != null).count();
        }
        return row.getField("readings") instanceof Integer number ? number : 0;
    }
}
