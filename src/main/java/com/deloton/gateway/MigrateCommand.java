package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.store.MigrationException;
import com.deloton.gateway.store.Migrations;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code migrate}: migrates the schema, for deployments where the gateway's user may not. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Migrates the database schema to this version. Needs only the settings database.*.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  migrate --config gateway.yaml",
            "  DELOTON_DATABASE_MIGRATION_USER=owner DELOTON_DATABASE_MIGRATION_PASSWORD_FILE=/run/secrets/owner"
                    + " migrate -c gateway.yaml"
        })
final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine commandLine = requireNonNull(spec).commandLine();
        try {
            Migrations.Result result = Migrations.run(options.loadDatabase());
            result.applied().forEach(version -> commandLine.getOut().println("applied migration " + version));
            commandLine.getOut().println("schema version " + result.current());
            return 0;
        } catch (ConfigException e) {
            commandLine.getErr().println(e.getMessage());
            return 2;
        } catch (MigrationException e) {
            commandLine.getErr().println(e.getMessage());
            return 1;
        }
    }
}
