package com.deloton.gateway;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option {@code --config}, the configuration that it selects, and how a command runs with it. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files. A later file overrides an earlier one; DELOTON_ variables override all files.")
    private final List<Path> files = new ArrayList<>();

    /** What a command does with its configuration; the result is the exit code. */
    @FunctionalInterface
    interface Task {
        int run(GatewayConfig config, Vertx vertx) throws Exception;
    }

    /**
     * Runs a command. Errors of its arguments and its configuration, which {@code load} reads, are printed and become exit code 2; any other
     * error is printed after {@code failure} and becomes 1.
     */
    static int run(CommandSpec command, String failure, Callable<GatewayConfig> load, Task task) {
        PrintWriter err = command.commandLine().getErr();
        Vertx vertx = null;
        try {
            GatewayConfig config = load.call();
            vertx = Vertx.vertx();
            return task.run(config, vertx);
        } catch (ConfigException | IllegalArgumentException e) {
            err.println(e.getMessage());
            return 2;
        } catch (Exception e) {
            err.println(failure + ": " + e.getMessage());
            return 1;
        } finally {
            if (vertx != null) {
                vertx.close().await();
            }
        }
    }

    GatewayConfig load() {
        return ConfigLoader.load(files, System.getenv());
    }

    /** Loads these sections only; others may be invalid or missing. */
    GatewayConfig load(String... sections) {
        return ConfigLoader.load(files, System.getenv(), sections);
    }

    DatabaseConfig loadDatabase() {
        return ConfigLoader.loadDatabase(files, System.getenv());
    }

    AnalystConfig loadAnalyst() {
        return ConfigLoader.loadAnalyst(files, System.getenv());
    }
}
