package com.deloton.archive;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** Reads archived tables with DuckDB: the Parquet files that the current snapshot names. */
final class DuckDb {
    private DuckDb() {}

    /** The data files of the table's current snapshot. */
    static Set<String> files(Table table) throws Exception {
        Set<String> files = new TreeSet<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            tasks.forEach(task -> files.add(task.file().location()));
        }
        return files;
    }

    /** The first row of a query in which {@code archived} stands for the files. */
    static List<Object> row(Iterable<String> files, String sql) throws SQLException {
        List<String> quoted = new ArrayList<>();
        files.forEach(file -> quoted.add("'" + file + "'"));
        String list =
                quoted.stream().collect(Collectors.joining(", ", "read_parquet([", "], hive_partitioning = false)"));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql.replace("archived", list))) {
            result.next();
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(result.getObject(i));
            }
            return row;
        }
    }
}
