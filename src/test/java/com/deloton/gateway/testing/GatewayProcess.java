package com.deloton.gateway.testing;

import com.deloton.gateway.testing.TestServers.Database;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway in a JVM of its own, so that it can be killed. Its log is under {@code target}. */
public final class GatewayProcess implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Process process;

    private GatewayProcess(Process process) {
        this.process = process;
    }

    /** Starts {@code serve} with the ingest role; returns at once. */
    public static GatewayProcess start(Database database, String topic) throws IOException {
        return start(database, topic, Map.of());
    }

    /** As {@link #start(Database, String)}, with variables that come on top of the usual ones. */
    public static GatewayProcess start(Database database, String topic, Map<String, String> variables)
            throws IOException {
        return start(database, topic, variables, "-XX:TieredStopAtLevel=1");
    }

    /** As {@link #start(Database, String, Map)}, on a JVM as it runs in production. */
    public static GatewayProcess startOptimised(Database database, String topic, Map<String, String> variables)
            throws IOException {
        return start(database, topic, variables, "-XX:+TieredCompilation");
    }

    private static GatewayProcess start(
            Database database, String topic, Map<String, String> variables, String compilation) throws IOException {
        Path log = Path.of("target", "gateway-" + COUNTER.incrementAndGet() + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        compilation,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.deloton.gateway.Main",
                        "serve")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("DELOTON_GATEWAY_ROLES", "ingest");
        environment.put("DELOTON_HTTP_PORT", "0");
        environment.put("DELOTON_INGEST_FLUSH_INTERVAL", "100ms");
        environment.put("DELOTON_KAFKA_BOOTSTRAP_SERVERS", TestServers.kafkaBootstrap());
        environment.put("DELOTON_KAFKA_TOPIC", topic);
        environment.put("DELOTON_KAFKA_GROUP_ID", "group-" + topic);
        environment.put("DELOTON_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "6000");
        environment.put("DELOTON_DATABASE_HOST", database.host());
        environment.put("DELOTON_DATABASE_PORT", String.valueOf(database.port()));
        environment.put("DELOTON_DATABASE_NAME", database.name());
        environment.put("DELOTON_DATABASE_USER", database.user());
        environment.put("DELOTON_DATABASE_PASSWORD", database.password());
        environment.putAll(variables);
        Files.createDirectories(log.toAbsolutePath().getParent());
        return new GatewayProcess(builder.start());
    }

    /** Whether a gateway on this port is ready; not so while nothing listens. */
    public static boolean isReady(int port) throws IOException, InterruptedException {
        URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (ConnectException notYet) {
            return false;
        }
    }

    /** SIGKILL: no chance to finish anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the gateway does not stop");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
