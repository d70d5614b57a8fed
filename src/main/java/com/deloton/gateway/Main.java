package com.deloton.gateway;

import com.deloton.gateway.simulate.ReplayCommand;
import com.deloton.gateway.simulate.SimulateCommand;
import java.io.PrintWriter;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the production jar. */
@Command(
        name = "deloton-gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Reads the bikes' stream from Kafka into PostgreSQL; serves dashboard, API, alerts and reports.",
        subcommands = {
            ServeCommand.class,
            MigrateCommand.class,
            DoctorCommand.class,
            TopicsCommand.class,
            PositionCommand.class,
            ReportCommand.class,
            AlertsCommand.class,
            SimulateCommand.class,
            ReplayCommand.class,
            TableauCommand.class,
            HelpCommand.class,
            GenerateCompletion.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nShell completion:%n",
        footer = "  source <(java -jar deloton-gateway.jar generate-completion)")
public final class Main {
    private Main() {}

    public static CommandLine commandLine(Object... moreCommands) {
        CommandLine commandLine = new CommandLine(new Main());
        for (Object command : moreCommands) {
            commandLine.addSubcommand(command);
        }
        return commandLine.setParameterExceptionHandler(Main::printInvalidArgument);
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Prints one line, where picocli would also print the whole usage. */
    private static int printInvalidArgument(ParameterException e, String[] args) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        List<String> similar =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        err.printf(
                "%s%s; see %s --help%n",
                String.valueOf(e.getMessage()).replaceFirst("\\.?\\s*$", ""),
                similar.isEmpty() ? "" : " (did you mean " + similar.getFirst() + "?)",
                commandLine.getCommandSpec().qualifiedName());
        err.flush();
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }
}
