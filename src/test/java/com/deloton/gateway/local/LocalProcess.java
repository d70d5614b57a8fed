package com.deloton.gateway.local;

import com.deloton.gateway.LocalMain;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The command {@code local} in a separate JVM, on free ports. */
final class LocalProcess implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path data;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<String> banner = new CompletableFuture<>();

    private LocalProcess(Path data, Process process) {
        this.data = data;
        this.process = process;
        Thread.ofPlatform().daemon().start(this::read);
    }

    static LocalProcess fromClasses(Path data) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return start(data, "-cp", classPath, LocalMain.class.getName());
    }

    static LocalProcess fromJar(Path data, Path jar) throws IOException {
        return start(data, "-jar", jar.toString());
    }

    private static LocalProcess start(Path data, String... program) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1", "-Dlogback.configurationFile=logback.xml"));
        command.addAll(List.of(program));
        command.addAll(List.of("local", "--data", data.toString(), "--bikes", "0"));
        command.addAll(List.of("--http-port", Integer.toString(LocalServers.freePort())));
        for (String port :
                List.of("--management-port", "--postgres-port", "--kafka-port", "--smtp-port", "--imap-port")) {
            command.addAll(List.of(port, "0"));
        }
        return new LocalProcess(
                data, new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** All that was printed up to the banner's last line. */
    String awaitBanner() throws Exception {
        return banner.get(120, TimeUnit.SECONDS);
    }

    /** All that was printed, once the process has ended. */
    String awaitEnd() throws Exception {
        process.onExit().get(120, TimeUnit.SECONDS);
        return String.join("\n", lines());
    }

    JsonObject status() throws IOException {
        return new JsonObject(Files.readString(statusFile()));
    }

    Path statusFile() {
        return data.resolve("local.json");
    }

    Probe probe() throws IOException {
        JsonObject postgres = status().getJsonObject("postgres");
        JsonObject kafka = status().getJsonObject("kafka");
        return new Probe(
                "jdbc:postgresql://localhost:%d/deloton".formatted(postgres.getInteger("port")),
                postgres.getString("password"),
                kafka.getString("bootstrap"),
                kafka.getString("topic"));
    }

    ProcessHandle postgres() {
        return PostgresProcess.find(data.resolve("postgres").resolve("data")).orElseThrow();
    }

    /** SIGTERM. */
    int stop() throws Exception {
        process.toHandle().destroy();
        return process.onExit().get(30, TimeUnit.SECONDS).exitValue();
    }

    /** SIGKILL. */
    void kill() throws Exception {
        process.destroyForcibly().onExit().get(30, TimeUnit.SECONDS);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (this) {
                    lines.add(line);
                }
                if (line.startsWith("  Bikes")) {
                    banner.complete(String.join("\n", lines()));
                }
            }
            banner.completeExceptionally(new AssertionError("ended early: " + lines()));
        } catch (IOException e) {
            banner.completeExceptionally(new UncheckedIOException(e));
        }
    }
}
