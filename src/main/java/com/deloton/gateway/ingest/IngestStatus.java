package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.partition.Partition;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
    /** By partition, {@link System#nanoTime} at which records were stored, or none waited. */
    private final Map<Integer, Long> storedAt = new TreeMap<>();

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
        long now = System.nanoTime();
        storedAt.keySet().retainAll(latest.keySet());
        latest.forEach((partition, records) -> {
            if (records == 0) {
                storedAt.put(partition, now);
            } else {
                storedAt.putIfAbsent(partition, now);
            }
        });
    }

    /** To be called when records of a partition were stored. */
    void stored(int partition) {
        storedAt.put(partition, System.nanoTime());
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
        return stalled(lag, storedAt, System.nanoTime(), pace.longestInterval().plus(STALL));
    }

    /** The partition that has had waiting records for longest without one being stored; null within the limit. */
    static @Nullable String stalled(Map<Integer, Long> lag, Map<Integer, Long> storedAt, long now, Duration limit) {
        return storedAt.entrySet().stream()
                .filter(entry -> lag.getOrDefault(entry.getKey(), 0L) > 0)
                .filter(entry -> now - entry.getValue() > limit.toNanos())
                .max(Comparator.comparingLong(entry -> now - entry.getValue()))
                .map(entry -> "no record of partition %d stored for %d s though %d wait"
                        .formatted(
                                entry.getKey(),
                                Duration.ofNanos(now - entry.getValue()).toSeconds(),
                                lag.get(entry.getKey())))
                .orElse(null);
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
