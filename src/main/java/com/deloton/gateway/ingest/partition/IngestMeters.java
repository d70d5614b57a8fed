package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ride.Cleaning;
import com.deloton.gateway.telemetry.LogLine.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The counters of the hot path, looked up once. Thread-safe. */
public final class IngestMeters {
    private final Counter records;
    private final Counter readings;
    private final Counter lost;
    private final Counter fenced;
    private final Counter partitionsAdded;
    private final Counter ridesMoved;
    private final Counter heldKeysGivenUp;
    private final Counter failures;
    private final Timer flushTime;
    private final DistributionSummary flushSize;
    private final Map<Reason, Counter> quarantined;
    private final Map<Cleaning, Counter> cleaned;

    public IngestMeters(MeterRegistry registry) {
        records = Counter.builder("deloton.ingest.records")
                .description("Kafka records read")
                .register(registry);
        readings = Counter.builder("deloton.ingest.readings")
                .description("Readings of one second made of the records")
                .register(registry);
        lost = Counter.builder("deloton.ingest.lost.records")
                .description("Records that Kafka deleted before they were read")
                .register(registry);
        partitionsAdded = Counter.builder("deloton.ingest.partitions.added")
                .description("Partitions that were added to the topic while it was read")
                .register(registry);
        ridesMoved = Counter.builder("deloton.ingest.rides.moved")
                .description("Open rides that followed their Kafka key to another partition")
                .register(registry);
        heldKeysGivenUp = Counter.builder("deloton.ingest.held.keys.given.up")
                .description("Keys whose records reached a limit of waiting and began a ride of an unknown rider")
                .register(registry);
        fenced = Counter.builder("deloton.ingest.fenced")
                .description("Flushes refused because another consumer owns the partition")
                .register(registry);
        failures = Counter.builder("deloton.ingest.flush.failures")
                .description("Attempts to flush that failed and were repeated")
                .register(registry);
        flushTime = Timer.builder("deloton.ingest.flush")
                .description("Time of one flush, retries included")
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10))
                .register(registry);
        flushSize = DistributionSummary.builder("deloton.ingest.flush.records")
                .description("Records in one flush")
                .serviceLevelObjectives(100, 1_000, 10_000, 100_000)
                .register(registry);
        quarantined = counters(
                Reason.class,
                reason -> Counter.builder("deloton.ingest.quarantined")
                        .description("Unusable records, now in the quarantine")
                        .tag("reason", reason.name())
                        .register(registry));
        cleaned = counters(
                Cleaning.class,
                cleaning -> Counter.builder("deloton.ingest.cleaned")
                        .description("Values corrected and lines ignored")
                        .tag("kind", cleaning.name())
                        .register(registry));
    }

    private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter> counter) {
        return Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(e -> e, counter, (a, b) -> a, () -> new EnumMap<>(type)));
    }

    public void records(int count) {
        records.increment(count);
    }

    public void readings(int count) {
        readings.increment(count);
    }

    public void lost(long count) {
        lost.increment((double) count);
    }

    public void partitionsAdded(int count) {
        partitionsAdded.increment(count);
    }

    public void ridesMoved(int count) {
        ridesMoved.increment(count);
    }

    public void heldKeyGivenUp() {
        heldKeysGivenUp.increment();
    }

    public void fenced() {
        fenced.increment();
    }

    public void flushFailed() {
        failures.increment();
    }

    public void flushed(int count, long nanos) {
        flushTime.record(Duration.ofNanos(nanos));
        flushSize.record(count);
    }

    @SuppressWarnings("NullAway") // the map holds every constant
    public void quarantined(Reason reason) {
        quarantined.get(reason).increment();
    }

    @SuppressWarnings("NullAway") // the map holds every constant
    public void refusedByDatabase(int count) {
        quarantined.get(Reason.REFUSED_BY_DATABASE).increment(count);
    }

    @SuppressWarnings("NullAway") // the map holds every constant
    public void cleaned(Cleaning cleaning) {
        cleaned.get(cleaning).increment();
    }
}
