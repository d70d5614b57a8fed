package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.partition.Partition;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The health of one ingest verticle, judged by what is stored. Confined to one event loop. */
final class IngestStatus {
    /** Beyond the time between two flushes. */
    private static final Duration MAX_UNSTORED_AGE = Duration.ofSeconds(30);

    /** Beyond the time between two flushes. */
    private static final Duration STALL = Duration.ofSeconds(60);

    private static final Duration HUNG = Duration.ofMinutes(2);

    private final PollLoop polls;
    private final TopicMonitor monitor;
    private final Assignment assignment;
    private final GroupCommit commits;
    private final PartitionSet partitions;
    private final FlushPace pace;
    private Map<Integer, Long> lag = Map.of();
    private long storedAt = System.nanoTime();
    private boolean flushHung;

    IngestStatus(
            PollLoop polls,
            TopicMonitor monitor,
            Assignment assignment,
            GroupCommit commits,
            PartitionSet partitions,
            FlushPace pace) {
        this.polls = polls;
        this.monitor = monitor;
        this.assignment = assignment;
        this.commits = commits;
        this.partitions = partitions;
        this.pace = pace;
    }

    /** To be called with the latest lag of each partition. */
    void lag(Map<Integer, Long> latest) {
        lag = latest;
        if (lagRecords() == 0) {
            storedAt = System.nanoTime();
        }
    }

    /** To be called when records were stored. */
    void stored() {
        storedAt = System.nanoTime();
    }

    private long lagRecords() {
        return lag.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Seconds since the oldest record that is read and not stored arrived; 0 if all are stored. */
    double oldestUnstoredSeconds() {
        return unstoredAge().toMillis() / 1_000.0;
    }

    private Duration unstoredAge() {
        long now = System.nanoTime();
        return Stream.concat(
                        partitions.all().stream().map(Partition::oldestArrival), Stream.of(commits.oldestInFlight()))
                .filter(Objects::nonNull)
                .map(arrival -> Duration.ofNanos(now - arrival))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    Status get() {
        String reason = reason();
        JsonObject data = new JsonObject()
                .put("partitions", partitions.numbers())
                .put("lag", lagRecords())
                .put("buffered", partitions.buffered())
                .put("unstored", partitions.buffered() + commits.recordsInFlight())
                .put("oldestUnstoredSeconds", unstoredAge().toSeconds())
                .put("lastFlushSeconds", commits.sinceLastWrite().toSeconds());
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    private @Nullable String reason() {
        return Stream.of(
                        polls.failureReason(),
                        commits.failureReason(),
                        assignment.failureReason(),
                        monitor.failureReason(),
                        stall())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(polls.isRunning() && assignment.joined() ? null : "waiting for Kafka to assign partitions");
    }

    private @Nullable String stall() {
        Duration age = unstoredAge();
        if (age.compareTo(pace.longestInterval().plus(MAX_UNSTORED_AGE)) > 0) {
            return "the oldest record that is read and not stored has waited for %d s".formatted(age.toSeconds());
        }
        Duration idle = Duration.ofNanos(System.nanoTime() - storedAt);
        return lagRecords() > 0 && idle.compareTo(pace.longestInterval().plus(STALL)) > 0
                ? "no record stored for %d s though %d wait".formatted(idle.toSeconds(), lagRecords())
                : null;
    }

    /** What only a restart cures; null unless it was found at the call before as well. */
    @Nullable
    String fatalReason() {
        boolean again = flushHung;
        flushHung = commits.unanswered().compareTo(HUNG) > 0;
        String pollHung = polls.fatalReason();
        return flushHung && again
                ? "a flush has not been answered for %d s"
                        .formatted(commits.unanswered().toSeconds())
                : pollHung;
    }
}
