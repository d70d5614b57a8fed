package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.tableau.PublishException;
import com.deloton.gateway.tableau.Publisher;
import com.deloton.gateway.tableau.TableauFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the Tableau files for this deployment's database, or publishes them. */
@Command(
        name = "tableau",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = TableauCommand.Publish.class,
        description =
                "Writes deloton.tds, deloton-readings.tds and deloton.twb for this deployment's database. They hold"
                        + " no password. Needs database.host or the settings analyst.*, and no database.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tableau --config gateway.yaml --out tableau",
            "  DELOTON_ANALYST_HOST=warehouse.example.com tableau --out .",
            "  tableau publish --config gateway.yaml --server https://tableau.example.com --project Deloton"
        })
final class TableauCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Where to write them; made if it is not there.")
    private @Nullable Path out;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = requireNonNull(spec);
        Path folder = out;
        if (folder == null) {
            command.commandLine().getErr().println("Give --out DIR to write the files, or the command publish.");
            return 2;
        }
        try {
            TableauFiles files = new TableauFiles(options.loadAnalyst());
            Files.createDirectories(folder);
            for (String name : TableauFiles.names()) {
                Path file = folder.resolve(name);
                Files.write(file, files.file(name).orElseThrow());
                command.commandLine().getOut().println("wrote " + file);
            }
            return 0;
        } catch (ConfigException e) {
            command.commandLine().getErr().println(e.getMessage());
            return 2;
        } catch (IOException e) {
            command.commandLine().getErr().println("The files cannot be written: " + e);
            return 1;
        }
    }

    /** Publishes instead of writing. */
    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description =
                    "Publishes the data sources and the workbook to a Tableau Server or Tableau Cloud, in place of"
                            + " earlier ones.",
            footerHeading = "%nEnvironment:%n",
            footer = {
                "  TABLEAU_TOKEN_NAME, TABLEAU_TOKEN_SECRET   a personal access token",
                "  TABLEAU_DATABASE_PASSWORD                  if set, Tableau keeps it for analyst.user, and viewers",
                "                                             need no login of their own",
                "  Each may be the name of a file instead, with _FILE added to the variable."
            })
    static final class Publish implements Callable<Integer> {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Option(names = "--server", required = true, paramLabel = "URL", description = "Its https address.")
        private @Nullable URI server;

        @Option(
                names = "--site",
                defaultValue = "",
                paramLabel = "NAME",
                description = "The site as in its URLs; the default site unless given.")
        private String site = "";

        @Option(
                names = "--project",
                defaultValue = "default",
                paramLabel = "NAME",
                description = "A project that exists. Default: ${DEFAULT-VALUE}.")
        private String project = "";

        @Option(
                names = "--api-version",
                defaultValue = Publisher.API_VERSION,
                paramLabel = "VERSION",
                description = "Of the REST API. Default: ${DEFAULT-VALUE}, which Tableau 2024.2 and later have.")
        private String apiVersion = "";

        @Spec
        private @Nullable CommandSpec spec;

        private final Map<String, String> environment;

        Publish() {
            this(System.getenv());
        }

        Publish(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() throws InterruptedException {
            CommandSpec command = requireNonNull(spec);
            try {
                AnalystConfig analyst = options.loadAnalyst();
                Publisher.Target target = new Publisher.Target(
                        requireNonNull(server),
                        site,
                        project,
                        needed("TABLEAU_TOKEN_NAME").strip(),
                        new Secret(needed("TABLEAU_TOKEN_SECRET").strip()),
                        password(),
                        apiVersion);
                new Publisher(target, analyst)
                        .publish(what -> command.commandLine().getOut().println("published " + what));
                return 0;
            } catch (ConfigException | IllegalArgumentException e) {
                command.commandLine().getErr().println(e.getMessage());
                return 2;
            } catch (PublishException | IOException e) {
                command.commandLine().getErr().println(e.getMessage());
                return 1;
            }
        }

        private @Nullable Secret password() throws IOException {
            String password = variable("TABLEAU_DATABASE_PASSWORD");
            return password == null ? null : new Secret(password.strip());
        }

        private String needed(String name) throws IOException {
            String value = variable(name);
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(
                        "The variable %s is not set; give it, or %s_FILE.".formatted(name, name));
            }
            return value;
        }

        private @Nullable String variable(String name) throws IOException {
            String file = environment.get(name + "_FILE");
            return file == null ? environment.get(name) : Files.readString(Path.of(file));
        }
    }
}
