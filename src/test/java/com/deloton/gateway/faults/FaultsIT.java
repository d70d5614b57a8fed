package com.deloton.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.faults.FaultRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs seeded schedules of faults. Alone it is the short form: one run of the faults that need no long wait.
 * {@code mvn -Pfaults verify} draws from all faults; {@code -Dfaults.runs} is the number of runs, {@code -Dfaults.seed} the
 * first seed (each further run takes the next one), {@code -Dfaults.count} the number of faults in a run,
 * {@code -Dfaults.longest} the seconds that one lasts at most, and {@code -Dfaults.only=BROKER_KILLED,MAIL_DEAF} restricts
 * the faults. Each run adds its outcomes to {@code target/faults.tsv}.
 */
class FaultsIT {
    private static final Set<Fault> LONG = EnumSet.of(
            Fault.GATEWAY_SUSPENDED,
            Fault.DATABASE_SUSPENDED,
            Fault.DATABASE_CONNECTIONS_SILENT,
            Fault.DATABASE_DEAF,
            Fault.TRANSACTION_ABORTED,
            Fault.TOPIC_PARTITION_ADDED,
            Fault.TOPIC_STORED_RECORDS_DELETED,
            Fault.TOPIC_RECORD_TIMES_WRONG,
            Fault.CLOCK_10_MINUTES_AHEAD,
            Fault.CLOCK_10_MINUTES_BEHIND,
            Fault.CLOCK_A_DAY_BEHIND,
            Fault.MAIL_EHLO_REFUSED,
            Fault.MAIL_SENDER_OVER_QUOTA,
            Fault.MAIL_RECIPIENTS_OVER_QUOTA,
            Fault.MAIL_DATA_REFUSED,
            Fault.MAIL_CONTENT_REFUSED,
            Fault.MAIL_GREETING_REFUSED,
            Fault.MAIL_SENDER_REFUSED_FOR_NOW,
            Fault.MAIL_DATA_REFUSED_FOR_NOW,
            Fault.MAIL_CUT_BEFORE_ANSWER,
            Fault.MAIL_DEAF,
            Fault.MAIL_DRIPPING,
            Fault.WEBHOOK_FAILING,
            Fault.WEBHOOK_REDIRECTING,
            Fault.WEBHOOK_CONNECTIONS_CUT,
            Fault.WEBHOOK_ANSWER_LOST,
            Fault.WEBHOOK_DEAF,
            Fault.WEBHOOK_DRIPPING);
    /** The build repeats one schedule; {@code -Dfaults.seed} draws others. */
    private static final int SEED = 437;

    private static final int RUNS = number("faults.runs", 1);
    private static final int COUNT = number("faults.count", 4);
    private static final Duration LONGEST = Duration.ofSeconds(number("faults.longest", 3));
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void nothingIsLostDoubledOrMissed() throws Exception {
        long first = number("faults.seed", SEED);
        List<String> failures = new ArrayList<>();
        try (FaultServers servers = new FaultServers()) {
            for (long seed = first; seed < first + RUNS; seed++) {
                String failure = run(FaultSchedule.draw(seed, COUNT, faults(), LONGEST, ends()), servers);
                if (failure != null) {
                    failures.add(failure);
                    servers.discard();
                }
            }
        }
        assertThat(failures).isEmpty();
    }

    /** A system property; the build passes an empty one where none is given. */
    private static int number(String property, int defaultValue) {
        String text = System.getProperty(property, "");
        return text.isEmpty() ? defaultValue : Integer.parseInt(text);
    }

    private static List<Fault> faults() {
        String only = System.getProperty("faults.only", "");
        return switch (only) {
            case "" -> List.copyOf(EnumSet.complementOf(EnumSet.copyOf(LONG)));
            case "all" -> List.of(Fault.values());
            default ->
                Pattern.compile(",").splitAsStream(only).map(Fault::valueOf).toList();
        };
    }

    /** The short form leaves the topic alone. */
    private static List<TopicChange> ends() {
        return System.getProperty("faults.only", "").isEmpty()
                ? List.of(TopicChange.NONE)
                : List.of(TopicChange.values());
    }

    /** Null if all is right. */
    private static @Nullable String run(FaultSchedule schedule, FaultServers servers) throws IOException {
        String repeat = "-Dfaults.seed=%d -Dfaults.count=%d -Dfaults.longest=%d -Dfaults.only=%s: "
                .formatted(schedule.seed(), COUNT, LONGEST.toSeconds(), System.getProperty("faults.only", ""));
        try {
            FaultRun.Result result = FaultRun.run(schedule, servers);
            record(result);
            assertThat(result.check().isClean()).as("%s", result).isTrue();
            assertThat(result.check().readings()).isGreaterThan(1_000);
            if (!result.mayRepeatMails()) {
                assertThat(result.check().mailsRepeated()).as("%s", result).isZero();
            }
            if (!result.mayRepeatWebhooks()) {
                assertThat(result.check().webhooksRepeated()).as("%s", result).isZero();
            }
            for (Outcome outcome : result.outcomes()) {
                if (outcome.stop() != null) {
                    assertThat(outcome.stop())
                            .as("SIGTERM during %s", outcome.fault())
                            .isLessThanOrEqualTo(STOP_LIMIT);
                }
            }
            return null;
        } catch (Exception | AssertionError e) {
            Files.writeString(
                    Path.of("target", "faults.tsv"),
                    "%d\tFAILED\t%s%n"
                            .formatted(
                                    schedule.seed(),
                                    String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse("")),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return repeat + e;
        }
    }

    private static void record(FaultRun.Result result) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Outcome outcome : result.outcomes()) {
            lines.append("%d\t%d\t%s\t%d\t%s\t%d\t%s%n"
                    .formatted(
                            result.schedule().seed(),
                            result.schedule().gateways(),
                            outcome.fault(),
                            outcome.length().toMillis(),
                            outcome.unready() == null ? "" : outcome.unready().toMillis(),
                            outcome.recovery().toMillis(),
                            outcome.stop() == null ? "" : outcome.stop().toMillis()));
        }
        lines.append("%d\tEND\t%s%n%1$d\tTIMES\t%s%n%1$d\tCHECK\t%s%n"
                .formatted(result.schedule().seed(), result.schedule().end(), result.times(), result.check()));
        Files.writeString(Path.of("target", "faults.tsv"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
