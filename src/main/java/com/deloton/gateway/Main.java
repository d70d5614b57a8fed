package com.deloton.gateway;

import com.deloton.gateway.simulate.ReplayCommand;
import com.deloton.gateway.simulate.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the production jar. */
@Command(
        name = "deloton-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Reads the bikes' stream from Kafka into PostgreSQL; serves dashboard, API, alerts and reports.",
        subcommands = {
            ServeCommand.class,
            MigrateCommand.class,
            ReportCommand.class,
            SimulateCommand.class,
            ReplayCommand.class,
            TableauCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    public static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }
}
