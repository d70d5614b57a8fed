package com.deloton.gateway.tableau;

import java.util.Locale;

/**
 * A column of a view for analysts, and how Tableau shows it.
 *
 * @param type PostgreSQL's name, such as {@code int4}
 * @param description the column's comment in the database
 */
record Field(String view, String column, String type, Kind kind, String folder, String caption, String description) {

    /** What the column is for; measures name how they are aggregated unless the analyst says otherwise. */
    enum Kind {
        /** A key or an order: used, not shown. */
        HIDDEN,
        DIMENSION,
        SUM,
        AVG,
        MIN,
        MAX;

        boolean measure() {
            return this != HIDDEN && this != DIMENSION;
        }
    }

    /** Reads a line of {@code fields.tsv}. */
    static Field parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Field(
                parts[0],
                parts[1],
                parts[2],
                Kind.valueOf(parts[3].toUpperCase(Locale.ROOT)),
                parts[4],
                parts[5],
                parts[6]);
    }

    String dataType() {
        return switch (type) {
            case "int4", "int8" -> "integer";
            case "float4", "float8" -> "real";
            case "text" -> "string";
            case "date" -> "date";
            case "timestamp" -> "datetime";
            case "bool" -> "boolean";
            default -> throw new IllegalStateException("no type for analysts: " + type);
        };
    }

    /** The type's number in Tableau's metadata records. */
    String remoteType() {
        return switch (type) {
            case "int4" -> "3";
            case "int8" -> "20";
            case "float4" -> "4";
            case "float8" -> "5";
            case "text" -> "129";
            case "date" -> "7";
            case "timestamp" -> "135";
            default -> "11";
        };
    }

    String role() {
        return kind.measure() ? "measure" : "dimension";
    }

    /** Nominal values have no order, ordinal ones have, quantitative ones make an axis. */
    String scale() {
        if (kind.measure()) {
            return "quantitative";
        }
        return type.equals("text") || type.equals("bool") ? "nominal" : "ordinal";
    }

    String aggregation() {
        return switch (kind) {
            case SUM -> "Sum";
            case AVG -> "Avg";
            case MIN -> "Min";
            case MAX -> "Max";
            case HIDDEN, DIMENSION -> type.equals("date") || type.equals("timestamp") ? "Year" : "Count";
        };
    }

    /** Tableau's number format with the unit that the column's name ends in; empty for what is no number. */
    String format() {
        if (column.endsWith("_w_per_kg")) {
            return "n0.0\" W/kg\"";
        }
        String unit = switch (column.substring(column.lastIndexOf('_') + 1)) {
            case "w" -> "W";
            case "kj" -> "kJ";
            case "bpm" -> "bpm";
            case "rpm" -> "rpm";
            case "s" -> "s";
            default -> "";
        };
        if (!kind.measure()) {
            return dataType().equals("integer") ? "n0" : "";
        }
        return unit.isEmpty() ? "n#,##0" : "n#,##0\" %s\"".formatted(unit);
    }
}
