package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client that openapi-generator makes of the contract, in a program that asks a live gateway. */
class JavaClientTest {
    private static final Path GENERATED = Path.of("target/java-client/src/main/java");
    private static final Path PROGRAM = Path.of("src/test/polyglot/RideReport.java");

    @TempDir
    Path classes = Path.of("");

    @Test
    void aGeneratedClientCompilesAndReadsWhatTheWarehouseHolds() throws Exception {
        compile();
        Warehouse warehouse = WholeApi.someRides();
        try (WholeApi api = new WholeApi(warehouse)) {
            List<?> report = report(
                    "http://127.0.0.1:" + api.rig.port() + "/v1",
                    api.rig.issuer.token(api.allScopes()),
                    api.rig.issuer.token("ops"));

            List<String> expected = new ArrayList<>();
            expected.addAll(texts(warehouse, """
                    SELECT format('ride %s of %s: %s, %s s, %s kJ', ride_id, name, status, duration_s,
                        round(energy_kj::numeric, 1))
                    FROM ride JOIN rider USING (rider_id) ORDER BY started_at
                    """));
            expected.addAll(texts(warehouse, """
                    SELECT format('last %s at %s', ride_id, floor(extract(epoch FROM started_at) * 1000)::bigint)
                    FROM ride ORDER BY started_at DESC LIMIT 1
                    """));
            expected.addAll(texts(warehouse, """
                    SELECT format('minute %s: %s bpm, %s W', elapsed_s / 60, round(avg(heart_rate_bpm), 1),
                        round(avg(power_w)::numeric, 1))
                    FROM reading GROUP BY elapsed_s / 60 ORDER BY elapsed_s / 60
                    """));
            expected.addAll(texts(
                    warehouse,
                    "SELECT format('rider %s: %s, %s, born %s', rider_id, name, gender, date_of_birth) FROM rider"));
            expected.add("no ride: 404 404 Not Found");
            expected.add("no scope: 403 403 Forbidden");
            assertThat(expected).hasSize(3 + 1 + 9 + 1 + 2);
            assertThat(report).asString().isEqualTo(expected.toString());
        }
    }

    private static List<String> texts(Warehouse warehouse, String sql) {
        return warehouse.rows(sql).stream()
                .map(row -> String.valueOf(row.getFirst()))
                .toList();
    }

    private void compile() throws Exception {
        assertThat(GENERATED)
                .as("made by `mvn generate-test-sources`, unless by -DskipTests")
                .isDirectory();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.walk(GENERATED)) {
            List<Path> all = Stream.concat(Stream.of(PROGRAM), sources)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private List<?> report(String... arguments) throws Exception {
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
            return (List<?>) loader.loadClass("RideReport")
                    .getMethod("of", String.class, String.class, String.class)
                    .invoke(null, (Object[]) arguments);
        }
    }
}
