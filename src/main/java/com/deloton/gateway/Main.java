package com.deloton.gateway;

import com.deloton.gateway.simulate.ReplayCommand;
import com.deloton.gateway.simulate.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "deloton-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Takes the bikes' stream from Kafka to PostgreSQL and makes it useful.",
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
