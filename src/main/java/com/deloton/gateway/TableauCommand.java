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

/** {@code tableau}: writes or publishes the Tableau files of this deployment. */
@Command(
        name = "tableau",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = TableauCommand.Publish.class,
        description =
                "Writes deloton.tds, deloton-readings.tds and deloton.twb for this deployment's database, without a"
                        + " password. Needs database.host or the settings analyst.*; does not connect to the database.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tableau --config gateway.yaml --out tableau",
            "  DELOTON_ANALYST_HOST=warehouse.example.com tableau --out .",
            "  tableau publish --config gateway.yaml --server https://tableau.example.com --project Deloton"
        })
final class TableauCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Directory to write to; created if it is missing.")
    private @Nullable Path directory;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec command = requireNonNull(spec);
        Path target = directory;
        if (target == null) {
            command.commandLine()
                    .getErr()
                    .println("Missing option --out DIR (to write the files) or subcommand publish; see tableau --help");
            return 2;
        }
        try {
            TableauFiles files = new TableauFiles(options.loadAnalyst());
            Files.createDirectories(target);
            for (String name : TableauFiles.names()) {
                Path file = target.resolve(name);
                Files.write(file, files.file(name).orElseThrow());
                command.commandLine().getOut().println("wrote " + file);
            }
            return 0;
        } catch (ConfigException e) {
            command.commandLine().getErr().println(e.getMessage());
            return 2;
        } catch (IOException e) {
            command.commandLine().getErr().println("--out %s cannot be written: %s".formatted(target, e));
            return 1;
        }
    }

    /** {@code tableau publish}. */
    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Publishes the data sources and the workbook to a Tableau Server or Tableau Cloud; replaces"
                    + " earlier versions.",
            footerHeading = "%nEnvironment:%n",
            footer = {
                "  TABLEAU_TOKEN_NAME, TABLEAU_TOKEN_SECRET   a personal access token",
                "  TABLEAU_DATABASE_PASSWORD                  optional: Tableau stores it for analyst.user, and viewers",
                "                                             need no database login",
                "  With _FILE added to its name, a variable gives the path of a file with the value."
            })
    static final class Publish implements Callable<Integer> {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Option(names = "--server", required = true, paramLabel = "URL", description = "https URL of the server.")
        private @Nullable URI server;

        @Option(
                names = "--site",
                defaultValue = "",
                paramLabel = "NAME",
                description = "The site's name as in its URLs (default: the default site).")
        private String site = "";

        @Option(
                names = "--project",
                defaultValue = "default",
                paramLabel = "NAME",
                description = "An existing project (default: ${DEFAULT-VALUE}).")
        private String project = "";

        @Option(
                names = "--api-version",
                defaultValue = Publisher.API_VERSION,
                paramLabel = "VERSION",
                description = "Version of the REST API (default: ${DEFAULT-VALUE}, for Tableau 2024.2 and later).")
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
                        required("TABLEAU_TOKEN_NAME").strip(),
                        new Secret(required("TABLEAU_TOKEN_SECRET").strip()),
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

        private String required(String name) throws IOException {
            String value = variable(name);
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(
                        "The variable %s is not set; expected it or %s_FILE".formatted(name, name));
            }
            return value;
        }

        private @Nullable String variable(String name) throws IOException {
            String file = environment.get(name + "_FILE");
            return file == null ? environment.get(name) : Files.readString(Path.of(file));
        }
    }
}
