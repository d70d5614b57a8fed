package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.aot.TrainingClasses;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.ops.TaskZone;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the configured roles until a signal stops the process. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs the gateway. SIGTERM stops it: it finishes its work, within 10 s, and exits with 0.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal",
            "1:failed to start, or failed to stop within 30 s",
            "2:the command line or the configuration is not valid; all faults are listed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  serve --config gateway.yaml",
            "  serve --config base.yaml production.yaml",
            "  DELOTON_DATABASE_PASSWORD_FILE=/run/secrets/database serve -c gateway.yaml"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final long DRAIN_SECONDS = 30;

    private final InstantSource clock;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--aot-training",
            hidden = true,
            description =
                    "Load the classes that are used once the servers answer; for the start that makes an AOT cache.")
    private boolean aotTraining;

    @Spec
    private @Nullable CommandSpec spec;

    ServeCommand() {
        this(InstantSource.system());
    }

    ServeCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = requireNonNull(spec).commandLine().getErr();
        GatewayConfig config;
        try {
            config = options.load();
        } catch (ConfigException e) {
            err.println(e.getMessage());
            return 2;
        }
        if (aotTraining) {
            LOG.info("loaded {} classes for the AOT cache", TrainingClasses.load());
        }
        Gateway gateway = Gateway.create(withRack(config, System.getenv()), clock);
        AtomicBoolean stopping = new AtomicBoolean();
        Thread drain = new Thread(() -> drain(gateway, stopping, err), "drain");
        Runtime.getRuntime().addShutdownHook(drain);
        try {
            gateway.start().await();
        } catch (Exception e) {
            if (!stopping.get() && Runtime.getRuntime().removeShutdownHook(drain)) {
                err.println("The gateway failed to start: " + e.getMessage());
                return 1;
            }
        }
        new CountDownLatch(1).await();
        return 0;
    }

    /** With the rack of the brokers in the zone of this process, if it is known. */
    static GatewayConfig withRack(GatewayConfig config, Map<String, String> env) throws InterruptedException {
        Map<String, String> racks = config.kafka().zoneRacks();
        String rack =
                racks.isEmpty() ? null : TaskZone.find(env).map(racks::get).orElse(null);
        if (rack == null) {
            return config;
        }
        LOG.info("reading from the brokers in the rack {}", rack);
        return config.withKafka(config.kafka().withRack(rack));
    }

    /** Exits with 0 after an orderly stop, where the JVM would exit with 143. */
    private static void drain(Gateway gateway, AtomicBoolean stopping, PrintWriter err) {
        stopping.set(true);
        try {
            gateway.close().await(DRAIN_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(0);
        } catch (TimeoutException e) {
            err.println(
                    "The gateway did not stop within " + DRAIN_SECONDS + " s; unflushed records will be read again.");
            err.flush();
            Runtime.getRuntime().halt(1);
        }
    }
}
