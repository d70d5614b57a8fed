package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Production: runs the roles it is given until a signal ends it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs the gateway until SIGTERM, then finishes what has begun and exits with 0.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal, everything finished",
            "1:could not start, or could not finish within 30 s",
            "2:the command line or the configuration is wrong; every fault is listed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  serve --config gateway.yaml",
            "  serve --config base.yaml production.yaml",
            "  DELOTON_DATABASE_PASSWORD_FILE=/run/secrets/database serve -c gateway.yaml"
        })
final class ServeCommand implements Callable<Integer> {
    private static final long DRAIN_SECONDS = 30;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    private @Nullable CommandSpec spec;

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
        try {
            Gateway gateway = Gateway.start(config, InstantSource.system()).await();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(gateway, err), "drain"));
        } catch (Exception e) {
            err.println("The gateway has not started. " + e.getMessage());
            return 1;
        }
        new CountDownLatch(1).await();
        return 0;
    }

    /** The JVM would exit with 143 after SIGTERM; an orderly stop is a success. */
    private static void drain(Gateway gateway, PrintWriter err) {
        try {
            gateway.close().await(DRAIN_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(0);
        } catch (TimeoutException e) {
            err.println(
                    "The gateway has not finished within " + DRAIN_SECONDS + " s; what was left will be read again.");
            err.flush();
            Runtime.getRuntime().halt(1);
        }
    }
}
