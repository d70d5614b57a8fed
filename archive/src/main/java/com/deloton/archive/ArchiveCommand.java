package com.deloton.archive;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code archive}: exports one day or all closed ones. */
@Command(
        name = "archive",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Copies closed UTC days from PostgreSQL into Iceberg tables, and removes erased riders and replaced files from them.",
            "Needs only the settings database.* and archive.*."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:a day was not exported, the database or the warehouse is not reachable, or another run is at work",
            "2:the command line or the configuration is invalid"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  archive --closed --config gateway.yaml",
            "  archive --closed --plan --config gateway.yaml",
            "  archive --day 2026-11-23 --config gateway.yaml"
        })
final class ArchiveCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Option(
            names = {"-c", "--config"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files. A later file overrides an earlier one; DELOTON_ variables override all files.")
    private final List<Path> files = new ArrayList<>();

    @Option(
            names = "--day",
            paramLabel = "DATE",
            description = "UTC day to export, YYYY-MM-DD, for example 2026-11-23, even if it is archived already",
            converter = Day.class)
    private @Nullable LocalDate day;

    @Option(
            names = "--closed",
            description =
                    "export all days that ended archive.closed-after ago, have no open ride, and are not archived or"
                            + " have changed since")
    private boolean closed;

    @Option(names = "--plan", description = "with --closed: list these days and change nothing")
    private boolean plan;

    @Spec
    private @Nullable CommandSpec spec;

    ArchiveCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        PrintWriter err = requireNonNull(spec).commandLine().getErr();
        if (closed == (day != null)) {
            throw new ParameterException(spec.commandLine(), "expected either --day or --closed");
        }
        if (plan && !closed) {
            throw new ParameterException(spec.commandLine(), "--plan needs --closed");
        }
        try {
            return run(spec.commandLine().getOut());
        } catch (ConfigException e) {
            err.println(e.getMessage());
            return 2;
        } catch (ArchiveException e) {
            return failed(err, e.getMessage());
        } catch (SQLException e) {
            return failed(err, "the database reports: " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return failed(err, "the warehouse cannot be read or written: " + e.getMessage());
        } catch (RuntimeException e) {
            return failed(err, e.getMessage());
        }
    }

    /** Alarms search the log for this beginning. */
    private static int failed(PrintWriter err, @Nullable String reason) {
        err.println("archive failed: " + reason);
        return 1;
    }

    private int run(PrintWriter out) throws SQLException, IOException {
        GatewayConfig config = ConfigLoader.load(files, environment, "database", "archive");
        if (config.archive().warehouse() == null) {
            requireNonNull(spec)
                    .commandLine()
                    .getErr()
                    .println("archive.warehouse is missing; expected a directory or s3://bucket/prefix");
            return 2;
        }
        ArchiveRun run = new ArchiveRun(config.database(), config.archive(), Cleanup.ORPHAN_AGE, out::println);
        if (plan) {
            List<DayLedger.Due> days = run.plan();
            days.forEach(due -> out.println(due.day() + (due.changed() ? " has changed" : " is not archived")));
            out.println(count(days.size()) + " to export; nothing was changed");
            return 0;
        }
        int days = day == null ? run.closed() : run.day(day);
        out.println(count(days) + " exported");
        return 0;
    }

    private static String count(int days) {
        return days + (days == 1 ? " day" : " days");
    }

    static final class Day implements ITypeConverter<LocalDate> {
        @Override
        public LocalDate convert(String value) {
            try {
                return LocalDate.parse(value);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'%s' is not a date; expected YYYY-MM-DD, for example 2026-11-23".formatted(value));
            }
        }
    }
}
