package com.deloton.gateway.local;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code local}: runs servers, gateway and simulated bikes until a signal stops it. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        sortOptions = false,
        description = "Runs the gateway with an embedded PostgreSQL, Kafka and mailbox, and simulated bikes.")
public final class LocalCommand implements Callable<Integer> {
    private final Workload.Starter starter;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final Options options = new Options();

    private @Nullable LocalServers servers;
    private @Nullable Workload workload;

    /** The command line. */
    static final class Options {
        @Option(names = "--http-port", defaultValue = "8080", description = "Port of dashboard and API.")
        int httpPort;

        @Option(names = "--kafka-port", defaultValue = "9092", description = "Port of Kafka; 0 for any free port.")
        int kafkaPort;

        @Option(
                names = "--postgres-port",
                defaultValue = "5432",
                description = "Port of PostgreSQL; 0 for any free port.")
        int postgresPort;

        @Option(
                names = "--smtp-port",
                defaultValue = "2525",
                description = "Port of the mailbox for SMTP; 0 for any free port.")
        int smtpPort;

        @Option(
                names = "--imap-port",
                defaultValue = "3143",
                description = "Port of the mailbox for IMAP; 0 for any free port.")
        int imapPort;

        @Option(names = "--data", defaultValue = "data", paramLabel = "DIR", description = "Directory for all data.")
        Path data = Path.of("data");

        @Option(names = "--bikes", defaultValue = "20", description = "Number of simulated bikes; 0 for none.")
        int bikes;

        @Option(names = "--seed", defaultValue = "1", description = "Random seed of the simulated bikes.")
        long seed;

        @Option(names = "--stop-with-parent", hidden = true, description = "Stop when the parent process ends.")
        boolean stopWithParent;
    }

    /** Runs on the servers: the gateway and the simulated bikes. */
    public interface Workload extends AutoCloseable {

        /** Starts a workload and returns when it serves. */
        @FunctionalInterface
        interface Starter {
            Workload start(LocalServers servers, Settings settings) throws Exception;
        }

        /** Stops while the servers still run. */
        @Override
        void close();

        /**
         * Options of the workload.
         *
         * @param bikes 0 for no simulated fleet
         */
        record Settings(int httpPort, int bikes, long seed) {}
    }

    public LocalCommand(Workload.Starter starter) {
        this.starter = starter;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        Thread hook = new Thread(() -> stop(out), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            start(out);
        } catch (Exception e) {
            removeHook(hook);
            close();
            if (e instanceof LocalServers.StartException) {
                requireNonNull(spec).commandLine().getErr().println(e.getMessage());
                return 1;
            }
            throw e;
        }
        if (options.stopWithParent) {
            ProcessHandle.current().parent().ifPresent(LocalCommand::exitAfter);
        }
        stopped.await();
        return 0;
    }

    private synchronized void start(PrintWriter out) throws Exception {
        LocalServers.requireFreePorts(List.of(new LocalServers.Port(options.httpPort, "the dashboard", "--http-port")));
        LocalServers running = LocalServers.start(
                new LocalServers.Options(
                        options.data.toAbsolutePath().normalize(),
                        options.postgresPort,
                        options.kafkaPort,
                        options.smtpPort,
                        options.imapPort,
                        "deloton",
                        4),
                out::println);
        servers = running;
        out.println("Starting the gateway ...");
        long begun = System.nanoTime();
        workload = starter.start(running, new Workload.Settings(options.httpPort, options.bikes, options.seed));
        out.println(LocalServers.readyLine("Gateway", begun));
        LocalStatus status = new LocalStatus(
                running,
                options.httpPort,
                options.bikes,
                ProcessHandle.current().pid());
        DataDirectory.writePrivate(statusFile(), status.json());
        out.println(status.banner());
    }

    /** The JVM's shutdown hook. Exits with 0 after an orderly stop, where the JVM would exit with the signal's code. */
    private void stop(PrintWriter out) {
        try {
            close();
            out.println("stopped");
            Runtime.getRuntime().halt(0);
        } catch (Exception e) {
            out.println("stopped with an error: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private synchronized void close() throws IOException {
        try {
            if (workload != null) {
                workload.close();
            }
        } finally {
            if (servers != null) {
                Files.deleteIfExists(statusFile());
                servers.close();
            }
        }
    }

    private static void exitAfter(ProcessHandle parent) {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            parent.onExit().join();
            System.exit(0);
        });
    }

    private Path statusFile() {
        return options.data.toAbsolutePath().normalize().resolve("local.json");
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already stopping: the hook runs and ends it.
        }
    }
}
