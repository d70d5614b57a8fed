package com.deloton.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A program of the classes under test in a JVM of its own, so that it can be killed and suspended. Its output and log go
 * to {@code target/logs}; a test that fails quotes {@link #tail()}.
 */
public final class ChildJvm implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final int TAIL_LINES = 40;
    private static final double TICKS_PER_SECOND = 100;

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
        return startFrom(
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                name,
                environment,
                flags,
                mainClass,
                arguments);
    }

    /** As {@link #start}, with the classes of another program. */
    public static ChildJvm startFrom(
            String classPath,
            String name,
            Map<String, String> environment,
            List<String> flags,
            String mainClass,
            String... arguments)
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
                classPath,
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

    /**
     * CPU time since its start by kind of thread, in seconds: the first 15 characters of a name without its number, as
     * the kernel has it; see proc(5).
     */
    public Map<String, Double> cpuByThread() throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                addCpu(thread, seconds);
            }
        }
        return seconds;
    }

    private static void addCpu(Path thread, Map<String, Double> seconds) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            double ticks = Double.parseDouble(fields.get(11)) + Double.parseDouble(fields.get(12));
            seconds.merge(name.replaceAll("[#-]?\\d+$", ""), ticks / TICKS_PER_SECOND, Double::sum);
        } catch (NoSuchFileException ended) {
            // Its time counts no more.
        }
    }

    /** Returns when a full garbage collection has ended. */
    public void collectGarbage() throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("jcmd %d GC.run: exit code %d".formatted(process.pid(), status));
        }
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

    /** All that it has printed. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
