package com.deloton.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program of the classes under test in a JVM of its own, so that it can be killed and suspended. Its output and log go
 * to {@code target/logs}; a test that fails quotes {@link #tail()}.
 */
public final class ChildJvm implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final int TAIL_LINES = 40;

    private final Process process;
    private final Path log;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Returns at once.
     *
     * @param name begins the name of the log file
     * @param environment variables added to those of this process
     */
    public static ChildJvm start(
            String name, Map<String, String> environment, List<String> flags, String mainClass, String... arguments)
            throws IOException {
        Path log = Files.createDirectories(Path.of("target", "logs"))
                .resolve("%s-%d-%d.log".formatted(name, ProcessHandle.current().pid(), COUNTER.incrementAndGet()));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                // The log of production, on standard output, and not that of the tests.
                "-Dlogback.configurationFile=logback.xml",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start(), log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** CPU time since its start. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP. */
    public void suspend() throws IOException, InterruptedException {
        signal(process.pid(), "STOP");
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        signal(process.pid(), "CONT");
    }

    /**
     * SIGTERM, and the exit code.
     *
     * @throws IllegalStateException if the process has not ended within the limit; it is killed then
     */
    public int stop(Duration limit) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new IllegalStateException(
                    "still running %d s after SIGTERM; %s".formatted(limit.toSeconds(), tail()));
        }
        return process.exitValue();
    }

    /** The last lines of its output. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return "the end of %s:%n%s"
                    .formatted(
                            log,
                            String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal such as {@code STOP} to any process of this machine. */
    public static void signal(long pid, String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -%s %d: exit code %d".formatted(name, pid, status));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
