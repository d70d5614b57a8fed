package com.deloton.archive;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The command line of {@code deloton-gateway-archive.jar}. */
@Command(
        name = "deloton-gateway-archive",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "The archive of the Deloton gateway in Apache Iceberg tables.",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    /** @param environment of the process */
    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new Main())
                .addSubcommand(new ArchiveCommand(environment))
                .setParameterExceptionHandler(Main::printInvalidArgument);
    }

    public static void main(String[] args) {
        System.exit(commandLine(System.getenv()).execute(args));
    }

    /** Prints one line, where picocli would also print the whole usage. */
    private static int printInvalidArgument(ParameterException e, String[] args) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.printf(
                "%s; see %s --help%n",
                String.valueOf(e.getMessage()).replaceFirst("\\.?\\s*$", ""),
                commandLine.getCommandSpec().qualifiedName());
        err.flush();
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** The version in the jar's manifest; {@code development} outside a jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"deloton-gateway-archive " + Objects.requireNonNullElse(version, "development")};
        }
    }
}
