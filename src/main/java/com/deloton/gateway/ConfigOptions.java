package com.deloton.gateway;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.GatewayConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --config} and the configuration that it selects. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files. A later file overrides an earlier one; DELOTON_ variables override all files.")
    private final List<Path> files = new ArrayList<>();

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
