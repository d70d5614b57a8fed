package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.store.IngestPositions;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code position}: shows and moves the positions up to which the topic's partitions are stored. */
@Command(
        name = "position",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Shows up to which offset each Kafka partition is stored, or moves a position.",
            "Running gateways notice a move within half a minute. Moves are audited. Needs only the settings database.*."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:the database is not reachable, or there is nothing to move",
            "2:the command line or the configuration is invalid"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  position --config gateway.yaml",
            "  position --partition 3 --skip-to 1235 --reason \"damaged batch\" --config gateway.yaml",
            "  position --partition 3 --continue-at 980 --reason \"the broker lost its disk\" --config gateway.yaml",
            "  position --start-over --reason \"topic created again\" --config gateway.yaml"
        })
final class PositionCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "default: ${DEFAULT-VALUE}",
            defaultValue = "deloton")
    private String topic = "deloton";

    @Option(names = "--partition", paramLabel = "N", description = "partition to move")
    private @Nullable Integer partition;

    @Option(
            names = "--skip-to",
            paramLabel = "OFFSET",
            description = "first offset to read; records before it that are not stored are left out for good")
    private @Nullable Long skipTo;

    @Option(
            names = "--continue-at",
            paramLabel = "OFFSET",
            description = "first offset to read of a partition of which Kafka has lost stored records;"
                    + " rides that are open in the partition end as abandoned")
    private @Nullable Long continueAt;

    @Option(
            names = "--start-over",
            description = "read all partitions of a topic that was deleted and created again from their beginning;"
                    + " open rides end as abandoned")
    private boolean startOver;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the audit; required for a move")
    private @Nullable String reason;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine commandLine = requireNonNull(spec).commandLine();
        checkOptions(commandLine);
        try {
            return run(options.loadDatabase(), commandLine.getOut(), commandLine.getErr());
        } catch (ConfigException e) {
            commandLine.getErr().println(e.getMessage());
            return 2;
        } catch (SQLException e) {
            commandLine.getErr().println("The database reports: " + e.getMessage());
            return 1;
        }
    }

    private void checkOptions(CommandLine commandLine) {
        boolean skip = partition != null || skipTo != null || continueAt != null;
        if (skip && (partition == null || (skipTo == null) == (continueAt == null))) {
            throw new ParameterException(
                    commandLine, "--partition is given together with either --skip-to or --continue-at");
        }
        if (skip && startOver) {
            throw new ParameterException(commandLine, "--start-over moves all partitions; leave out --partition");
        }
        if ((skip || startOver) && (reason == null || reason.isBlank())) {
            throw new ParameterException(commandLine, "a move needs --reason, for example --reason \"damaged batch\"");
        }
    }

    private int run(DatabaseConfig database, PrintWriter out, PrintWriter err) throws SQLException {
        IngestPositions positions = new IngestPositions(database);
        String subject = "command/" + System.getProperty("user.name", "unknown");
        if (startOver) {
            int partitions = positions.startOver(topic, subject, requireNonNull(reason));
            if (partitions == 0) {
                err.printf("There is no position of topic %s.%n", topic);
                return 1;
            }
            out.printf("%s: %d partitions start over%n", topic, partitions);
            return 0;
        }
        if (partition != null && skipTo != null) {
            Long former = positions.skipTo(topic, partition, skipTo, subject, requireNonNull(reason));
            if (former == null) {
                err.printf("There is no position of %s-%d below offset %d.%n", topic, partition, skipTo);
                return 1;
            }
            out.printf("%s-%d: moved from offset %d to %d%n", topic, partition, former, skipTo);
            return 0;
        }
        if (partition != null && continueAt != null) {
            Long former = positions.continueAt(topic, partition, continueAt, subject, requireNonNull(reason));
            if (former == null) {
                err.printf("There is no position of %s-%d at offset %d or beyond.%n", topic, partition, continueAt);
                return 1;
            }
            out.printf("%s-%d: was stored up to offset %d, continues at %d%n", topic, partition, former, continueAt);
            return 0;
        }
        out.printf("%-24s %9s %14s  %-22s %s%n", "topic", "partition", "next offset", "topic id", "last record at");
        for (IngestPositions.Row row : positions.list()) {
            out.printf(
                    "%-24s %9d %14d  %-22s %s%n",
                    row.topic(),
                    row.partition(),
                    row.nextOffset(),
                    row.topicId() == null ? "unknown" : row.topicId(),
                    row.lastRecordAt() == null ? "none" : row.lastRecordAt());
        }
        return 0;
    }
}
