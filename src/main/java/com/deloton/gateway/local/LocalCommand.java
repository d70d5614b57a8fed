package com.deloton.gateway.local;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.simulate.FleetArguments;
import com.deloton.gateway.simulate.FleetOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code local}: runs servers, gateway and simulated bikes until a signal stops it. */
@Command(
        name = "local",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs the gateway with an embedded PostgreSQL, Kafka and mailbox, and simulated bikes.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal",
            "1:failed to start, or failed to stop",
            "2:the command line or the configuration is not valid"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  local --bikes 200 --abnormal-heart-rate 0.3",
            "  local --story",
            "  local --http-port 8090 --management-port 0 --postgres-port 0 --kafka-port 0 --smtp-port 0 --imap-port 0 \\",
            "    --data other",
            "  DELOTON_INGEST_FLUSH_INTERVAL=5s local --config gateway.yaml"
        })
public final class LocalCommand implements Callable<Integer> {
    /** A tenth of the riders, so that a new installation shows alerts. */
    private static final double ABNORMAL_HEART_RATE = 0.1;

    private static final String TOPIC = "deloton";
    private static final int PARTITIONS = 4;

    private final Workload.Starter starter;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final Options options = new Options();

    @Mixin
    private final FleetArguments fleet = new FleetArguments(20, ABNORMAL_HEART_RATE);

    private @Nullable LocalServers servers;
    private @Nullable Workload workload;

    /** The command line, without the fleet. */
    static final class Options {
        @Option(
                names = "--http-port",
                paramLabel = "PORT",
                description = "Port of dashboard and API; 0 for any free port (default: ${DEFAULT-VALUE}).")
        int httpPort = 8080;

        @Option(
                names = "--management-port",
                paramLabel = "PORT",
                description = "Port of health and metrics; 0 for any free port (default: ${DEFAULT-VALUE}).")
        int managementPort = 8081;

        @Option(
                names = "--kafka-port",
                paramLabel = "PORT",
                description = "Port of Kafka; 0 for any free port (default: ${DEFAULT-VALUE}).")
        int kafkaPort = 9092;

        @Option(
                names = "--postgres-port",
                paramLabel = "PORT",
                description = "Port of PostgreSQL; 0 for any free port (default: ${DEFAULT-VALUE}).")
        int postgresPort = 5432;

        @Option(
                names = "--smtp-port",
                paramLabel = "PORT",
                description = "Port of the mailbox for SMTP; 0 for any free port (default: ${DEFAULT-VALUE}).")
        int smtpPort = 2525;

        @Option(
                names = "--imap-port",
                paramLabel = "PORT",
                description = "Port of the mailbox for IMAP; 0 for any free port (default: ${DEFAULT-VALUE}).")
        int imapPort = 3143;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Directory for all data (default: ${DEFAULT-VALUE}).")
        Path data = Path.of("data");

        @Option(
                names = {"-c", "--config"},
                arity = "1..*",
                paramLabel = "FILE",
                description =
                        "YAML files with settings of the gateway, as for serve. DELOTON_ variables override them.")
        List<Path> config = new ArrayList<>();

        @Option(
                names = "--story",
                description = "Six bikes with a script of two minutes, which repeats, instead of the simulated bikes;"
                        + " the banner has the address of the tour.")
        boolean story;

        @Option(names = "--stop-with-parent", hidden = true, description = "Stop when the parent process ends.")
        boolean stopWithParent;

        Path directory() {
            return data.toAbsolutePath().normalize();
        }

        Path statusFile() {
            return directory().resolve(LocalStatus.FILE);
        }
    }

    /** Runs on the servers: the gateway and the simulated bikes. */
    public interface Workload extends AutoCloseable {

        /** Starts a workload. */
        interface Starter {

            /**
             * Validates the settings before the servers start.
             *
             * @throws ConfigException if they are not valid
             */
            void check(Settings settings);

            /** Returns when the workload serves. */
            Workload start(LocalServers servers, Settings settings) throws Exception;
        }

        /** Stops while the servers still run. */
        @Override
        void close();

        /**
         * Options of the workload.
         *
         * @param fleet null for no simulated bikes
         * @param story whether the scripted bikes run
         * @param config YAML files for the gateway
         */
        record Settings(
                int httpPort, int managementPort, @Nullable FleetOptions fleet, boolean story, List<Path> config) {}
    }

    public LocalCommand(Workload.Starter starter) {
        this.starter = starter;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        PrintWriter err = requireNonNull(spec).commandLine().getErr();
        Workload.Settings settings = settings();
        Thread hook = new Thread(() -> stop(out), "stop");
        try {
            starter.check(settings);
            Runtime.getRuntime().addShutdownHook(hook);
            start(settings, out);
        } catch (Exception e) {
            removeHook(hook);
            close();
            if (e instanceof LocalServers.StartException || e instanceof ConfigException) {
                err.println(e.getMessage());
                return e instanceof ConfigException || e instanceof DataDirectory.UnusableException ? 2 : 1;
            }
            throw e;
        }
        if (options.stopWithParent) {
            ProcessHandle.current().parent().ifPresent(LocalCommand::exitAfter);
        }
        stopped.await();
        return 0;
    }

    private Workload.Settings settings() {
        for (LocalServers.Port port : ports(options.httpPort, options.managementPort)) {
            if (port.number() < 0 || port.number() > 65_535) {
                throw invalid("%s %d is not valid; expected a port from 1 to 65535, or 0 for any free port"
                        .formatted(port.option(), port.number()));
            }
        }
        int httpPort = options.httpPort == 0 ? LocalServers.freePort() : options.httpPort;
        int managementPort = options.managementPort == 0 ? LocalServers.freePort() : options.managementPort;
        return new Workload.Settings(
                httpPort, managementPort, fleetOptions(), options.story, List.copyOf(options.config));
    }

    private @Nullable FleetOptions fleetOptions() {
        if (fleet.bikes() < 0 || fleet.bikes() > 100_000) {
            throw invalid("--bikes %d is not valid; expected a whole number from 0 to 100000".formatted(fleet.bikes()));
        }
        try {
            return fleet.bikes() == 0 || options.story ? null : fleet.options();
        } catch (IllegalArgumentException e) {
            throw invalid("--" + e.getMessage());
        }
    }

    private List<LocalServers.Port> ports(int httpPort, int managementPort) {
        return List.of(
                new LocalServers.Port(httpPort, "the dashboard", "--http-port"),
                new LocalServers.Port(managementPort, "health and metrics", "--management-port"),
                new LocalServers.Port(options.postgresPort, "PostgreSQL", "--postgres-port"),
                new LocalServers.Port(options.kafkaPort, "Kafka", "--kafka-port"),
                new LocalServers.Port(options.smtpPort, "SMTP", "--smtp-port"),
                new LocalServers.Port(options.imapPort, "IMAP", "--imap-port"));
    }

    private ParameterException invalid(String message) {
        return new ParameterException(requireNonNull(spec).commandLine(), message);
    }

    private synchronized void start(Workload.Settings settings, PrintWriter out) throws Exception {
        LocalServers running = LocalServers.start(
                new LocalServers.Options(
                        options.directory(),
                        options.postgresPort,
                        options.kafkaPort,
                        options.smtpPort,
                        options.imapPort,
                        TOPIC,
                        PARTITIONS),
                ports(settings.httpPort(), settings.managementPort()),
                out::println);
        servers = running;
        out.println("Starting the gateway ...");
        long begun = System.nanoTime();
        workload = starter.start(running, settings);
        out.println(LocalServers.readyLine("Gateway", begun));
        LocalStatus status = new LocalStatus(
                running,
                settings.httpPort(),
                settings.managementPort(),
                settings.fleet() == null ? 0 : settings.fleet().bikes(),
                settings.story(),
                ProcessHandle.current().pid());
        DataDirectory.writePrivate(options.statusFile(), status.json());
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
                Files.deleteIfExists(options.statusFile());
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

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already stopping: the hook runs and ends it.
        }
    }
}
