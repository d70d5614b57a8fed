package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
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

/** The report of any day, to read, to keep or to mail. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Makes the report of a day: prints it, writes it to a file, or mails it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it could not be made, written or mailed, or a gateway is busy with it",
            "2:the command line or the configuration is wrong; every fault is listed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  report --config gateway.yaml",
            "  report --date 2026-11-23 --out report.pdf --config gateway.yaml",
            "  report --date 2026-11-23 --send --config gateway.yaml"
        })
final class ReportCommand implements Callable<Integer> {
    private static final String BY = "command";

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--date",
            paramLabel = "DATE",
            description = "the day, as 2026-11-23; without it, yesterday",
            converter = Day.class)
    private @Nullable LocalDate date;

    @Option(names = "--send", description = "mail it to report.recipients, as a new revision if there was one")
    private boolean send;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "write it as .html, .txt, .csv (figures; riders if it ends in riders.csv) or .pdf")
    private @Nullable Path out;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = requireNonNull(spec).commandLine().getErr();
        Vertx vertx = null;
        try {
            String form = form();
            GatewayConfig config = send ? options.load("database", "mail", "report") : options.load("database");
            LocalDate day = day(config.report().zone());
            vertx = Vertx.vertx();
            Pool pool = Database.pool(vertx, config.database());
            if (out != null || !send) {
                write(make(config, day, pool), form);
            }
            return send ? send(config, day, vertx, pool) : 0;
        } catch (ConfigException | IllegalArgumentException e) {
            err.println(e.getMessage());
            return 2;
        } catch (FileSystemException e) {
            err.println("--out cannot be '%s'; give a file that can be written".formatted(out));
            return 1;
        } catch (Exception e) {
            err.println("The report could not be made: " + e.getMessage());
            return 1;
        } finally {
            if (vertx != null) {
                vertx.close().await();
            }
        }
    }

    private LocalDate day(ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), zone);
        LocalDate day = date == null ? today.minusDays(1) : date;
        if (send && !day.isBefore(today)) {
            throw new IllegalArgumentException(
                    "--send cannot mail %s: that day is not over in %s, and would not be reported when it is"
                            .formatted(day, zone));
        }
        return day;
    }

    private static ReportDocuments make(GatewayConfig config, LocalDate day, Pool pool) {
        ReportOptions view = new ReportOptions(
                Math.max(1, config.report().maxRiders()),
                config.report().names(),
                config.http().publicUrl() + "/#/reports",
                "");
        return ReportJob.make(pool, new ReportDay(day, config.report().zone()), view, InstantSource.system());
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
        throw new IllegalArgumentException("--out cannot be " + out + "; end it in .html, .txt, .csv or .pdf");
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
        ReportJob.Result result = job.runNow(day, BY);
        console.println(
                switch (result) {
                    case null -> "A gateway is busy with the report of " + day + "; it mails it.";
                    case SENT -> "The report of " + day + " is mailed.";
                    case POSTPONED -> "The mail server did not take it; a gateway with the role report tries again.";
                    case FAILED -> "The report of " + day + " could not be mailed; see its row in daily_report.";
                });
        return result == ReportJob.Result.SENT ? 0 : 1;
    }

    static final class Day implements ITypeConverter<LocalDate> {
        @Override
        public LocalDate convert(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("'" + text + "' is no day; give one like 2026-11-23");
            }
        }
    }
}
