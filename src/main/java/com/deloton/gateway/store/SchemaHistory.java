package com.deloton.gateway.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/**
 * Flyway's history table, read without Flyway: most starts find a schema that is up to date, and loading Flyway costs more than
 * the rest of the check. Everything here blocks.
 */
final class SchemaHistory {
    private static final String APPLIED =
            "SELECT version, checksum FROM flyway_schema_history WHERE success AND version IS NOT NULL";

    private static final Pattern NAME = Pattern.compile("V(\\d+)__\\w+\\.sql");

    private SchemaHistory() {}

    /**
     * The version of a schema in which each migration of the folder has been applied as it is now. Null if it is not, or in
     * doubt: Flyway decides then.
     *
     * @param folder on the class path
     */
    static @Nullable String upToDate(Connection connection, String folder) throws SQLException, IOException {
        Map<String, Integer> applied = applied(connection);
        Set<String> names = names(folder);
        for (String name : names) {
            Matcher versioned = NAME.matcher(name);
            if (!versioned.matches()) {
                return null;
            }
            Integer checksum = applied.get(versioned.group(1));
            if (checksum == null || checksum != checksum(folder + "/" + name)) {
                return null;
            }
        }
        return names.isEmpty()
                ? null
                : Collections.max(applied.keySet(), Comparator.comparing(MigrationVersion::fromVersion));
    }

    private static Map<String, Integer> applied(Connection connection) throws SQLException {
        Map<String, Integer> applied = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(APPLIED)) {
            while (rows.next()) {
                applied.put(rows.getString(1), rows.getInt(2));
            }
        }
        return applied;
    }

    /** The files of all class path entries, such as a directory of classes or the jar. */
    private static Set<String> names(String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        for (URL root : Collections.list(loader().getResources(folder))) {
            if (root.openConnection() instanceof JarURLConnection jar) {
                String prefix = folder + "/";
                jar.getJarFile().stream()
                        .filter(entry -> entry.getName().startsWith(prefix) && !entry.isDirectory())
                        .forEach(entry -> names.add(entry.getName().substring(prefix.length())));
            } else {
                try (Stream<Path> files = Files.list(Path.of(URI.create(root.toString())))) {
                    files.forEach(file -> names.add(file.getFileName().toString()));
                }
            }
        }
        return names;
    }

    /** As Flyway computes it: CRC-32 of the lines without their ends. */
    private static int checksum(String resource) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = Objects.requireNonNull(loader().getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return (int) crc.getValue();
    }

    private static ClassLoader loader() {
        return SchemaHistory.class.getClassLoader();
    }
}
