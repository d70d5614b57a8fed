package com.deloton.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandsProcessIT {
    private final TestServers.Database database = TestServers.freshDatabase();

    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void leaveNothingBehind() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void aSignalEndsItInGoodOrder() throws Exception {
        Process process = serve(Map.of());

        signalAt(process, "ready on 127.0.0.1:");

        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aSignalEndsItInGoodOrderWhileItWaitsForTheDatabase() throws Exception {
        Process process = serve(Map.of("DELOTON_DATABASE_PORT", "1"));

        List<String> rest = signalAt(process, "Connection refused");

        assertThat(process.waitFor()).isZero();
        assertThat(rest).noneMatch(line -> line.contains("failed to start"));
    }

    private Process serve(Map<String, String> settings) throws IOException {
        Map<String, String> env = new HashMap<>(Map.of(
                "DELOTON_DATABASE_PASSWORD",
                database.password(),
                "DELOTON_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:1",
                "DELOTON_API_JWT_ISSUER",
                TestIssuer.ISSUER,
                "DELOTON_API_JWT_JWKS_URL",
                TestIssuer.shared().url(),
                "DELOTON_GATEWAY_ROLES",
                "api"));
        env.putAll(settings);
        return run(env, "serve", "--config", yaml());
    }

    /** Sends SIGTERM after the first line with this text and returns the lines that follow. */
    private static List<String> signalAt(Process process, String text) throws IOException {
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.lines().anyMatch(line -> line.contains(text))).isTrue();
            process.toHandle().destroy();
            return output.lines().toList();
        }
    }

    @Test
    void faultsOfTheConfigurationAreListed() throws Exception {
        Process process = run(Map.of("DELOTON_HTTP_PORT", "x"), "serve");
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(output)
                .contains("The configuration has 11 problems:")
                .contains("  - database.host (DELOTON_DATABASE_HOST): is missing")
                .contains("  - http.port (DELOTON_HTTP_PORT): found \"x\"")
                .doesNotContain("\tat ");
    }

    @Test
    void aFailureToStartIsOneMessage() throws Exception {
        Process process = run(
                Map.of(
                        "DELOTON_DATABASE_PASSWORD", "x",
                        "DELOTON_DATABASE_USER", "stranger",
                        "DELOTON_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                        "DELOTON_API_JWT_ISSUER", TestIssuer.ISSUER,
                        "DELOTON_API_JWT_JWKS_URL", TestIssuer.shared().url(),
                        "DELOTON_GATEWAY_ROLES", "api"),
                "serve",
                "-c",
                yaml());
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(output).contains("The gateway failed to start: The database " + database.name());
    }

    @Test
    void aPlanListsPendingMigrationsAndChangesNothing() throws Exception {
        for (int run = 0; run < 2; run++) {
            Process process =
                    run(Map.of("DELOTON_DATABASE_PASSWORD", database.password()), "migrate", "--plan", "-c", yaml());
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor()).isZero();
            assertThat(output)
                    .contains("pending migration 1")
                    .containsPattern("\\d+ pending; nothing was changed")
                    .doesNotContain("applied");
        }
    }

    @Test
    void migratesAndPrintsTheVersions() throws Exception {
        Process process = run(Map.of("DELOTON_DATABASE_PASSWORD", database.password()), "migrate", "-c", yaml());
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(output).contains("applied migration 1", "schema version ");
    }

    @Test
    void helpHasExamples() {
        assertThat(new CommandLine(new ServeCommand()).getUsageMessage())
                .contains("Examples:", "serve --config gateway.yaml", "Exit codes:");
        assertThat(new CommandLine(new MigrateCommand()).getUsageMessage())
                .contains("Examples:", "migrate --config gateway.yaml");
        assertThat(Main.commandLine().getSubcommands()).containsKeys("serve", "migrate");
    }

    private String yaml() throws IOException {
        return Files.writeString(folder.resolve("gateway.yaml"), """
                        http: {port: 0, management.port: 0}
                        database: {host: %s, port: %d, name: %s, user: %s}
                        """.formatted(
                                database.host(), database.port(), database.name(), database.user()))
                .toString();
    }

    private Process run(Map<String, String> env, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("DELOTON_"));
        builder.environment().putAll(env);
        Process process = builder.start();
        started.add(process);
        return process;
    }
}
