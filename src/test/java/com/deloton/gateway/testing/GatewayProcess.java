package com.deloton.gateway.testing;

import com.deloton.gateway.testing.TestServers.Database;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A gateway in a JVM of its own. */
public final class GatewayProcess implements AutoCloseable {
    private static final String MAIN = "com.deloton.gateway.Main";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

    private final ChildJvm jvm;

    private GatewayProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    /** Starts {@code serve} with the ingest role; returns at once. */
    public static GatewayProcess start(Database database, String topic) throws IOException {
        return start(database, topic, Map.of());
    }

    /** As {@link #start(Database, String)}, with variables that come on top of the usual ones. */
    public static GatewayProcess start(Database database, String topic, Map<String, String> variables)
            throws IOException {
        return start(database, topic, variables, List.of("-XX:TieredStopAtLevel=1"), MAIN, "serve");
    }

    /** As {@link #start(Database, String, Map)}, by another main class without arguments, with a system property. */
    public static GatewayProcess start(
            Database database,
            String topic,
            Map<String, String> variables,
            Class<?> mainClass,
            String property,
            String value)
            throws IOException {
        return start(
                database,
                topic,
                variables,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-D" + property + "=" + value),
                mainClass.getName());
    }

    /** As {@link #start(Database, String, Map)}, on a JVM as it runs in production. */
    public static GatewayProcess startOptimised(Database database, String topic, Map<String, String> variables)
            throws IOException {
        return startOptimised(database, topic, variables, List.of());
    }

    /** As {@link #startOptimised(Database, String, Map)}, with flags of the JVM that come on top of the usual ones. */
    public static GatewayProcess startOptimised(
            Database database, String topic, Map<String, String> variables, List<String> flags) throws IOException {
        return start(database, topic, variables, flags, MAIN, "serve");
    }

    private static GatewayProcess start(
            Database database,
            String topic,
            Map<String, String> variables,
            List<String> flags,
            String mainClass,
            String... arguments)
            throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("DELOTON_GATEWAY_ROLES", "ingest");
        environment.put("DELOTON_HTTP_PORT", "0");
        environment.put("DELOTON_INGEST_FLUSH_INTERVAL", "100ms");
        environment.put("DELOTON_KAFKA_TOPIC", topic);
        environment.put("DELOTON_KAFKA_GROUP_ID", "group-" + topic);
        environment.put("DELOTON_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "6000");
        environment.put("DELOTON_DATABASE_HOST", database.host());
        environment.put("DELOTON_DATABASE_PORT", String.valueOf(database.port()));
        environment.put("DELOTON_DATABASE_NAME", database.name());
        environment.put("DELOTON_DATABASE_USER", database.user());
        environment.put("DELOTON_DATABASE_PASSWORD", database.password());
        environment.putAll(variables);
        if ("consumer".equals(environment.get("DELOTON_KAFKA_PROPERTIES_GROUP_PROTOCOL"))) {
            environment.remove("DELOTON_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS");
        }
        environment.putIfAbsent("DELOTON_HTTP_MANAGEMENT_PORT", environment.get("DELOTON_HTTP_PORT"));
        environment.computeIfAbsent("DELOTON_KAFKA_BOOTSTRAP_SERVERS", key -> TestServers.kafkaBootstrap());
        List<String> all = new ArrayList<>(List.of("-Xmx256m"));
        all.addAll(flags);
        return new GatewayProcess(ChildJvm.start("gateway", environment, all, mainClass, arguments));
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
        jvm.kill();
    }

    /** SIGTERM, and the exit code. */
    public int stop() throws InterruptedException {
        return jvm.stop(STOP_TIMEOUT);
    }

    /** The process, to suspend it or to read its log. */
    public ChildJvm jvm() {
        return jvm;
    }

    @Override
    public void close() {
        jvm.close();
    }
}
