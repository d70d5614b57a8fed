package com.deloton.gateway.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The operating system process of the PostgreSQL server of a data directory. */
final class PostgresProcess {
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");
    private static final Duration STOP_WAIT = Duration.ofSeconds(20);

    /** Waits for the end of standard input, then stops the server unless another one has replaced it. */
    private static final String WATCHDOG = """
            trap '' HUP INT TERM
            cat >/dev/null
            test "$(head -n 1 "$1" 2>/dev/null)" = "$2" && kill -INT "$2"
            """;

    private PostgresProcess() {}

    /** The running server that {@code postmaster.pid} names. */
    static Optional<ProcessHandle> find(Path data) {
        try {
            long pid =
                    Long.parseLong(Files.readAllLines(pidFile(data)).getFirst().trim());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(PostgresProcess::isPostgres);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Stops a server that an earlier process left running, and removes its {@code postmaster.pid}. Only for the holder of
     * the directory's lock, before it starts its server.
     */
    static void stopOrphan(Path data) throws IOException {
        Optional<ProcessHandle> orphan = find(data);
        if (orphan.isPresent()) {
            stop(orphan.get());
        }
        Files.deleteIfExists(pidFile(data));
    }

    /** Ends the server's sessions and stops it; kills it after {@link #STOP_WAIT}. */
    static void stop(ProcessHandle postgres) throws IOException {
        if (WINDOWS) {
            postgres.destroyForcibly();
        } else {
            new ProcessBuilder("kill", "-INT", Long.toString(postgres.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
        }
        try {
            postgres.onExit().get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            postgres.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts a shell that stops the server when this JVM ends: its standard input closes even after {@code kill -9}. Close
     * that stream after an orderly stop.
     */
    static Optional<Process> watch(Path data, ProcessHandle postgres) throws IOException {
        if (WINDOWS) {
            return Optional.empty();
        }
        return Optional.of(new ProcessBuilder(List.of(
                        "sh", "-c", WATCHDOG, "watchdog", pidFile(data).toString(), Long.toString(postgres.pid())))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start());
    }

    private static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
                .orElse(false);
    }
}
