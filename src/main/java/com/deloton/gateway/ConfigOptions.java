package com.deloton.gateway;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.GatewayConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a command gets its configuration. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files; a later one overrides an earlier one, DELOTON_ variables override both.")
    private final List<Path> files = new ArrayList<>();

    GatewayConfig load() {
        return ConfigLoader.load(files, System.getenv());
    }

    /** As {@link #load()}, for work that needs only these sections. */
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
