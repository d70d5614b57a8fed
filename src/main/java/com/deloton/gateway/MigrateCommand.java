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

/** Brings the schema up to date and ends, for deployments where the gateway's own user may not. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Brings the database's schema up to date. Needs the database's settings only.",
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
            result.applied().forEach(version -> commandLine.getOut().println("applied version " + version));
            commandLine.getOut().println("the schema is at version " + result.current());
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
