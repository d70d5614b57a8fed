package com.deloton.gateway.ops;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts of the production jar with the roles ingest, live and api on a migrated database without open rides. */
final class StartRun implements AutoCloseable {
    static final Path JAR = Path.of("target", "deloton-gateway.jar");

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path directory;
    private final TestIssuer issuer = TestIssuer.start();
    private final Database database = Warehouse.fresh().database();
    private final PostgresCpu postgres = PostgresCpu.of(database);
    private final String topic = TestServers.freshTopic(4);

    /** @param directory for logs */
    StartRun(Path directory) {
        this.directory = directory;
    }

    /** Makes an AOT cache as the image does. */
    Path aotCache() throws IOException, InterruptedException {
        Path cache = directory.resolve("gateway.aot");
        train(List.of("-XX:AOTCacheOutput=" + cache));
        return cache;
    }

    /** Starts without servers, as the image does for its AOT cache. Returns the log. */
    Path train(List<String> flags) throws IOException, InterruptedException {
        int port = LocalServers.freePort();
        java(flags, port, "1", "serve", "--aot-training").waitFor();
        return log(port);
    }

    /** From the start of the process until it is ready. */
    JsonObject measure(String name, List<String> flags) throws IOException, InterruptedException {
        int port = LocalServers.freePort();
        double postgresBefore = postgres.seconds();
        long begin = System.nanoTime();
        Process process = java(flags, port, String.valueOf(database.port()), "serve");
        try {
            while (!isReady(port)) {
                if (!process.isAlive() || System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw new IllegalStateException("not ready; see " + log(port));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpu = process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
            return new JsonObject()
                    .put("start", name)
                    .put("secondsUntilReady", seconds)
                    .put("gatewayCpuS", cpu)
                    .put("postgresCpuS", postgres.seconds() - postgresBefore);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private Process java(List<String> flags, int httpPort, String databasePort, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                JAR.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(httpPort).toFile());
        builder.environment()
                .putAll(Map.ofEntries(
                        Map.entry("DELOTON_GATEWAY_ROLES", "ingest,live,api"),
                        Map.entry("DELOTON_HTTP_PORT", String.valueOf(httpPort)),
                        Map.entry("DELOTON_HTTP_MANAGEMENT_PORT", String.valueOf(httpPort)),
                        Map.entry("DELOTON_KAFKA_TOPIC", topic),
                        Map.entry("DELOTON_KAFKA_GROUP_ID", "group-" + topic),
                        Map.entry("DELOTON_KAFKA_BOOTSTRAP_SERVERS", TestServers.kafkaBootstrap()),
                        Map.entry("DELOTON_DATABASE_HOST", database.host()),
                        Map.entry("DELOTON_DATABASE_PORT", databasePort),
                        Map.entry("DELOTON_DATABASE_NAME", database.name()),
                        Map.entry("DELOTON_DATABASE_USER", database.user()),
                        Map.entry("DELOTON_DATABASE_PASSWORD", database.password()),
                        Map.entry("DELOTON_API_JWT_ISSUER", TestIssuer.ISSUER),
                        Map.entry("DELOTON_API_JWT_JWKS_URL", issuer.url())));
        return builder.start();
    }

    private Path log(int port) {
        return directory.resolve("gateway-" + port + ".log");
    }

    private static boolean isReady(int port) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/health/ready").toURL().openConnection();
        try {
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() {
        issuer.close();
    }
}
