package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.store.MigrationException;
import com.deloton.gateway.store.Migrations;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            "  migrate --plan --config gateway.yaml",
            "  DELOTON_DATABASE_MIGRATION_USER=owner DELOTON_DATABASE_MIGRATION_PASSWORD_FILE=/run/secrets/owner"
                    + " migrate -c gateway.yaml"
        })
final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--plan", description = "List the pending migrations and change nothing.")
    private boolean plan;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine commandLine = requireNonNull(spec).commandLine();
        try {
            DatabaseConfig database = options.loadDatabase();
            if (plan) {
                List<String> pending = Migrations.plan(database);
                pending.forEach(version -> commandLine.getOut().println("pending migration " + version));
                commandLine.getOut().println(pending.size() + " pending; nothing was changed");
                return 0;
            }
            Migrations.Result result = Migrations.run(database);
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
