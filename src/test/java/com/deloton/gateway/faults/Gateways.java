package com.deloton.gateway.faults;

import com.deloton.gateway.ShiftedClockMain;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The gateways of a run, each on a port of its own that it keeps over restarts. */
final class Gateways implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    private static final Duration LISTEN_LIMIT = Duration.ofSeconds(90);
    /** Longer than the checks of a gateway whose database does not answer. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private static final String NO_ANSWER = "no answer";

    private final Database database;
    private final String topic;
    private final Map<String, String> settings;
    private final List<Integer> ports = new ArrayList<>();
    private final List<@Nullable GatewayProcess> running = new ArrayList<>();
    private final List<Path> clocks = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    Gateways(int count, Database database, String topic, Map<String, String> settings) throws IOException {
        this.database = database;
        this.topic = topic;
        this.settings = settings;
        for (int i = 0; i < count; i++) {
            ports.add(LocalServers.freePort());
            running.add(null);
            clocks.add(Files.writeString(
                    Files.createDirectories(TestServers.freshDirectory()).resolve("clock"), "PT0S"));
        }
    }

    int count() {
        return ports.size();
    }

    void start(int index) throws IOException {
        Map<String, String> variables = new HashMap<>(settings);
        variables.put("DELOTON_HTTP_PORT", String.valueOf(ports.get(index)));
        running.set(
                index,
                GatewayProcess.start(
                        database,
                        topic,
                        variables,
                        ShiftedClockMain.class,
                        ShiftedClockMain.FILE,
                        clocks.get(index).toAbsolutePath().toString()));
    }

    /** Sets a gateway's clock, also that of its successor, to this difference to the machine's. */
    void setClock(int index, Duration shift) throws IOException {
        Files.writeString(clocks.get(index), shift.toString());
    }

    void startAll() throws IOException {
        for (int i = 0; i < count(); i++) {
            start(i);
        }
    }

    void kill(int index) throws InterruptedException {
        gateway(index).kill();
    }

    void killAll() throws InterruptedException {
        for (int i = 0; i < count(); i++) {
            kill(i);
        }
    }

    void suspend(int index) throws Exception {
        gateway(index).jvm().suspend();
    }

    void resume(int index) throws Exception {
        gateway(index).jvm().resume();
    }

    void restartInTurn() throws Exception {
        for (int i = 0; i < count(); i++) {
            stop(i);
            start(i);
        }
    }

    /** SIGTERM, as soon as the process listens; returns how long it took to end, which must be with exit code 0. */
    Duration stop(int index) throws InterruptedException {
        awaitListening(index);
        long begun = System.nanoTime();
        int status = gateway(index).jvm().stop(STOP_LIMIT);
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        if (status != 0) {
            throw new IllegalStateException("exit code %d after SIGTERM; %s"
                    .formatted(status, gateway(index).jvm().tail()));
        }
        return time;
    }

    private void awaitListening(int index) throws InterruptedException {
        long begun = System.nanoTime();
        while (state(ports.get(index)).startsWith(NO_ANSWER)) {
            if (System.nanoTime() - begun > LISTEN_LIMIT.toNanos()) {
                throw new IllegalStateException("gateway %d does not listen; %s"
                        .formatted(index, gateway(index).jvm().tail()));
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** The process that should be running as number {@code index}. */
    GatewayProcess gateway(int index) {
        GatewayProcess gateway = running.get(index);
        if (gateway == null) {
            throw new IllegalStateException("gateway " + index + " was not started");
        }
        return gateway;
    }

    /** How many answer 200 at {@code /health/ready} within two seconds. */
    int ready() {
        return (int) states().stream().filter(state -> state.startsWith("200 ")).count();
    }

    /** What each answers at {@code /health/ready}. */
    List<String> states() {
        return ports.stream().map(this::state).toList();
    }

    /** The sum of a metric without labels over all gateways. */
    double metric(String name) {
        return ports.stream()
                .flatMap(port -> get(port, "/metrics").lines())
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private String state(int port) {
        return get(port, "/health/ready");
    }

    /** Status and body, or {@link #NO_ANSWER} with the reason. */
    private String get(int port, String path) {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(ANSWER_LIMIT).build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return NO_ANSWER + ": " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (GatewayProcess gateway : running) {
            if (gateway != null) {
                gateway.close();
            }
        }
        client.close();
    }
}
