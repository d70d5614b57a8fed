package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.report.ReportDocuments;
import com.deloton.gateway.report.ReportJob;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.report.render.ReportOptions;
import com.deloton.gateway.store.Database;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints, writes or mails the report of any day. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Makes the report of a day: prints it, writes it to a file, or mails it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:the report could not be made, written or mailed, or a gateway is already working on it",
            "2:the command line or the configuration is invalid; every error is listed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  report --config gateway.yaml",
            "  report --date 2026-11-23 --out report.pdf --config gateway.yaml",
            "  report --date 2026-11-23 --send --config gateway.yaml"
        })
final class ReportCommand implements Callable<Integer> {
    private static final String REQUESTED_BY = "command";

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--date",
            paramLabel = "DATE",
            description = "day of the report, YYYY-MM-DD, for example 2026-11-23; default: yesterday",
            converter = Day.class)
    private @Nullable LocalDate date;

    @Option(
            names = "--send",
            description = "mail the report to report.recipients; a day that was reported before gets a new revision")
    private boolean send;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "file to write; the ending selects the format: .html, .txt, .pdf, .csv (figures) or riders.csv (riders)")
    private @Nullable Path out;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        return ConfigOptions.run(requireNonNull(spec), "The report could not be made", this::load, this::report);
    }

    private GatewayConfig load() {
        form();
        return send ? options.load("database", "mail", "report") : options.load("database");
    }

    private int report(GatewayConfig config, Vertx vertx) throws IOException {
        LocalDate day = day(config.report().zone());
        Pool pool = Database.pool(vertx, config.database());
        if (out != null || !send) {
            try {
                write(make(config, day, pool), form());
            } catch (FileSystemException e) {
                requireNonNull(spec)
                        .commandLine()
                        .getErr()
                        .printf(
                                "--out: '%s' cannot be written; expected a writable file, for example report.pdf%n",
                                out);
                return 1;
            }
        }
        return send ? send(config, day, vertx, pool) : 0;
    }

    private LocalDate day(ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), zone);
        LocalDate day = date == null ? today.minusDays(1) : date;
        if (send && !day.isBefore(today)) {
            throw new IllegalArgumentException(
                    "--send: '%s' is not over in %s; expected a day before today".formatted(day, zone));
        }
        return day;
    }

    private static ReportDocuments make(GatewayConfig config, LocalDate day, Pool pool) {
        ReportOptions reportOptions = new ReportOptions(
                Math.max(1, config.report().maxRiders()),
                config.report().names(),
                config.http().publicUrl() + "/#/reports",
                "");
        return ReportJob.make(pool, new ReportDay(day, config.report().zone()), reportOptions, InstantSource.system());
    }

    private String form() {
        if (out == null) {
            return "";
        }
        String name = out.toString().toLowerCase(Locale.ROOT);
        for (String ending : new String[] {"riders.csv", ".csv", ".html", ".txt", ".pdf"}) {
            if (name.endsWith(ending)) {
                return ending;
            }
        }
        throw new IllegalArgumentException(
                "--out: '%s' has no known ending; expected .html, .txt, .csv or .pdf, for example report.pdf"
                        .formatted(out));
    }

    private void write(ReportDocuments report, String form) throws IOException {
        PrintWriter console = requireNonNull(spec).commandLine().getOut();
        if (out == null) {
            console.println(report.text());
            return;
        }
        byte[] content = switch (form) {
            case ".pdf" -> report.pdf();
            case ".html" -> utf8(report.page());
            case ".txt" -> utf8(report.text());
            case "riders.csv" -> utf8(report.ridersCsv());
            default -> utf8(report.figuresCsv());
        };
        Files.write(out, content);
        console.println("written to " + out);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int send(GatewayConfig config, LocalDate day, Vertx vertx, Pool pool) {
        PrintWriter console = requireNonNull(spec).commandLine().getOut();
        ReportJob job = new ReportJob(
                config.report(),
                requireNonNull(config.mail()),
                config.http().publicUrl(),
                vertx,
                pool,
                InstantSource.system());
        ReportJob.Result result = job.runNow(day, REQUESTED_BY);
        console.println(
                switch (result) {
                    case null -> "A gateway is already working on the report of " + day + " and will mail it.";
                    case SENT -> "The report of " + day + " is mailed.";
                    case POSTPONED ->
                        "The mail server did not accept the report; a gateway with the role report will retry.";
                    case FAILED -> "The report of " + day + " could not be mailed; daily_report.reason has the cause.";
                });
        return result == ReportJob.Result.SENT ? 0 : 1;
    }

    static final class Day implements ITypeConverter<LocalDate> {
        @Override
        public LocalDate convert(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a date; expected YYYY-MM-DD, for example 2026-11-23");
            }
        }
    }
}
