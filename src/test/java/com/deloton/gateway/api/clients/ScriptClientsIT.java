package com.deloton.gateway.api.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.http.WholeApi;
import com.deloton.gateway.testing.Skipped;
import com.deloton.gateway.testing.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that openapi-generator makes of the contract in Python and Go, without network, against a live gateway. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScriptClientsIT {
    private static final Path PROGRAMS = Path.of("src/test/polyglot").toAbsolutePath();
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    @SuppressWarnings("NullAway.Init")
    private static Warehouse warehouse;

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @BeforeAll
    static void start() {
        warehouse = WholeApi.someRides();
        api = new WholeApi(warehouse, null, List.of());
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void aPythonClientReadsWhatTheWarehouseHolds() throws Exception {
        String python = Programs.pythonThatRuns(
                        "import dateutil, pydantic, urllib3; assert pydantic.VERSION.startswith('1.')")
                .orElseGet(
                        () -> Skipped.test(
                                "ScriptClientsIT with Python",
                                "pydantic 1, urllib3 and dateutil (Debian: apt install python3-pydantic python3-urllib3 python3-dateutil)"));

        assertThat(report(
                        PROGRAMS,
                        Map.of("PYTHONPATH", TARGET.resolve("python-client").toString()),
                        python,
                        PROGRAMS.resolve("ride_report.py").toString()))
                .isEqualTo(PolyglotIT.expectedReport(warehouse));
    }

    @Test
    void aGoClientReadsWhatTheWarehouseHolds() throws Exception {
        if (!Programs.succeeds("go", "version")) {
            Skipped.test("ScriptClientsIT with Go", "Go (Debian: apt install golang-go)");
        }
        Path module = Files.createDirectories(TARGET.resolve("go-report"));
        Path client = Files.createDirectories(module.resolve("client"));
        try (Stream<Path> files = Files.list(TARGET.resolve("go-client"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".go")).toList()) {
                Files.copy(file, client.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(PROGRAMS.resolve("ride_report.go"), module.resolve("main.go"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(client.resolve("go.mod"), "module deloton\n\ngo 1.19\n");
        Files.writeString(
                module.resolve("go.mod"),
                "module report\n\ngo 1.19\n\nrequire deloton v0.0.0\n\nreplace deloton => ./client\n");
        Map<String, String> offline = Map.of(
                "GOPROXY", "off",
                "GOFLAGS", "-mod=mod",
                "GOTOOLCHAIN", "local",
                "GOCACHE", TARGET.resolve("go-cache").toString());

        assertThat(report(module, offline, "go", "run", ".")).isEqualTo(PolyglotIT.expectedReport(warehouse));
    }

    /** The lines that the program prints; it gets the address of the gateway, a token, and one without scopes for rides. */
    private static List<String> report(Path folder, Map<String, String> environment, String... program)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.add("http://127.0.0.1:" + api.fixture.port() + "/v1");
        command.add(api.fixture.issuer.token(api.allScopes()));
        command.add(api.fixture.issuer.token("ops"));
        return run(folder, environment, command);
    }

    private static List<String> run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
