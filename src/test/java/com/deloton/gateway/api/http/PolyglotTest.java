package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deloton.gateway.local.LocalServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract in the hands of others: a linter, TypeScript's compiler, and a proxy that holds both sides to it. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PolyglotTest {
    private static final Path HOME = Path.of("target/polyglot").toAbsolutePath();
    private static final Path SOURCES = Path.of("src/test/polyglot");

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @BeforeAll
    static void start() throws Exception {
        boolean node = runs("node", "--version") && runs("npm", "--version");
        if (!node) {
            System.err.println("SKIPPED: PolyglotTest needs node and npm, which are not installed");
        }
        assumeTrue(node, "node and npm are not installed");
        Files.createDirectories(HOME);
        try (var files = Files.list(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, HOME.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(Path.of("openapi.yaml"), HOME.resolve("openapi.yaml"), StandardCopyOption.REPLACE_EXISTING);
        install();
        api = new WholeApi(WholeApi.someRides());
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void theLinterFindsNothing() throws Exception {
        run("redocly", "lint", "openapi.yaml", "--config", "redocly.yaml");
    }

    @Test
    void aTypeScriptClientCompilesAndIsAnswered() throws Exception {
        compile();

        assertThat(ask("http://127.0.0.1:" + api.rig.port() + "/v1")).contains("asked as");
    }

    @Test
    void aProxyBetweenThemFindsNoViolation() throws Exception {
        compile();
        int port = LocalServers.freePort();
        Process proxy = new ProcessBuilder(
                        bin("prism"),
                        "proxy",
                        "--errors",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "openapi.yaml",
                        "http://127.0.0.1:" + api.rig.port() + "/v1")
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(HOME.resolve("prism.log").toFile())
                .start();
        try {
            awaitListening(port, proxy);
            assertThat(ask("http://127.0.0.1:" + port)).contains("asked as");
            assertThat(HOME.resolve("prism.log")).content().doesNotContain("Violation");
        } finally {
            proxy.destroy();
            proxy.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void compile() throws Exception {
        run("openapi-typescript", "openapi.yaml", "--output", "gateway.d.ts");
        run("tsc", "--project", "tsconfig.json");
    }

    private static String ask(String baseUrl) throws Exception {
        return output(List.of("node", "build/client.js", baseUrl, api.rig.issuer.token(api.allScopes())));
    }

    /** Once for a lockfile. */
    private static void install() throws Exception {
        Path done = HOME.resolve("node_modules/.lockfile");
        Path wanted = HOME.resolve("package-lock.json");
        if (!Files.exists(done) || Files.mismatch(done, wanted) >= 0) {
            output(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
            Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(bin(program)));
        command.addAll(List.of(arguments));
        output(command);
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
        return output;
    }

    private static String bin(String program) {
        return HOME.resolve("node_modules/.bin").resolve(program).toString();
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitListening(int port, Process process) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                LockSupport.parkNanos(50_000_000);
            }
        }
        throw new IllegalStateException("the proxy does not listen; see target/polyglot/prism.log");
    }
}
