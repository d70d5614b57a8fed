package com.deloton.archive;

/**
 * A column with the same name in PostgreSQL and Iceberg.
 *
 * @param meaning with its unit, for the Iceberg schema
 */
record Column(String name, Kind kind, boolean required, String meaning) {
    static Column required(String name, Kind kind, String meaning) {
        return new Column(name, kind, true, meaning);
    }

    static Column optional(String name, Kind kind, String meaning) {
        return new Column(name, kind, false, meaning);
    }
}
