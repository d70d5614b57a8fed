package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.Checkpoint.FencedException;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.tracing.IngestTraces;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.store.DatabaseFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes the buffered data, one flush at a time: when the last one has ended and the interval has passed, which grows with
 * the number of open rides. Few rides make small, fresh flushes, many rides large, cheap ones. Repeats a flush for as long as
 * the warehouse is away; one whose data the warehouse refuses is taken apart. Confined to one event loop.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration UNANSWERED = Duration.ofSeconds(15);

    private final Vertx vertx;
    private final Checkpoint checkpoint;
    private final IngestMeters meters;
    private final Duration shortestInterval;
    private final Supplier<Duration> interval;
    private final Supplier<List<FlushBatch>> source;
    private final IngestTraces traces;
    private final Outcomes outcomes;
    private final FaultLog faults = new FaultLog(LOG, "Writing to the database");

    private final FaultLog refusals = new FaultLog(LOG, "Writing whole flushes");
    private final FaultLog tablesOfDays = new FaultLog(LOG, "Creating the table partition of a day");

    private @Nullable Future<Void> flush;
    private List<FlushBatch> inFlight = List.of();
    private IngestTraces.FlushTrace trace = IngestTraces.FlushTrace.NONE;
    private long attemptAt;
    private long writtenAt = System.nanoTime();
    private long timer;
    private boolean hurried;
    private boolean stopped;

    /** What becomes of a batch. */
    interface Outcomes {
        void written(FlushBatch batch);

        /** It never will be written, since another consumer owns the partition. */
        void fenced(FlushBatch batch);

        /** A ride of a written batch is not stored, nor can be. */
        void rideRefused(FlushBatch batch, long rideId);
    }

    GroupCommit(
            Vertx vertx,
            Checkpoint checkpoint,
            IngestMeters meters,
            Duration shortestInterval,
            Supplier<Duration> interval,
            Supplier<List<FlushBatch>> source,
            IngestTraces traces,
            Outcomes outcomes) {
        this.vertx = vertx;
        this.checkpoint = checkpoint;
        this.meters = meters;
        this.shortestInterval = shortestInterval;
        this.interval = interval;
        this.source = source;
        this.traces = traces;
        this.outcomes = outcomes;
    }

    void start() {
        Duration pause = hurried ? shortestInterval : interval.get();
        hurried = false;
        timer = vertx.setTimer(pause.toMillis(), t -> flush());
    }

    /** Flushes at once, unless a flush is in progress. */
    void flushNow() {
        if (flush == null && !stopped) {
            vertx.cancelTimer(timer);
            flush();
        }
    }

    /** Flushes at once, or soon after the flush in progress. */
    void flushSoon() {
        hurried = flush != null;
        flushNow();
    }

    /** Why flushes do not succeed, or null. */
    @Nullable
    String failureReason() {
        if (faults.reason() != null) {
            return faults.reason();
        }
        Duration unanswered = unanswered();
        return unanswered.compareTo(UNANSWERED) < 0
                ? null
                : "the database has not answered a flush for %d s".formatted(unanswered.toSeconds());
    }

    /** For how long the present attempt to write has had no answer; zero if there is none. */
    Duration unanswered() {
        return flush == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - attemptAt);
    }

    /** Records of the flush in progress. */
    int recordsInFlight() {
        return inFlight.stream().mapToInt(FlushBatch::records).sum();
    }

    /** {@link System#nanoTime} when the first record of the flush in progress arrived; null without records. */
    @Nullable
    Long oldestInFlight() {
        return inFlight.stream()
                .map(FlushBatch::oldestArrival)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Since the last successful flush, or since the start if there was none. */
    Duration sinceLastWrite() {
        return Duration.ofNanos(System.nanoTime() - writtenAt);
    }

    /** Flushes the rest; gives up after {@code timeout}, and the records are read again after the next start. */
    Future<Void> drain(Duration timeout) {
        vertx.cancelTimer(timer);
        Future<Void> inProgress = flush == null ? Future.succeededFuture() : flush;
        Future<Void> last = inProgress.compose(v -> write(source.get()));
        Future<Void> timedOut = vertx.timer(timeout.toMillis()).mapEmpty();
        return Future.any(last, timedOut).onComplete(done -> stopped = true).compose(v -> {
            if (!last.isComplete()) {
                LOG.warn("Stopping without the last flush: {}. Its records will be read again.", failureReason());
            }
            return Future.succeededFuture();
        });
    }

    private void flush() {
        attemptAt = System.nanoTime();
        Future<Void> writing = write(source.get());
        flush = writing;
        writing.onComplete(done -> {
            flush = null;
            if (!stopped) {
                start();
            }
        });
    }

    private Future<Void> write(List<FlushBatch> batches) {
        if (batches.isEmpty()) {
            return Future.succeededFuture();
        }
        long begin = System.nanoTime();
        inFlight = batches;
        trace = traces.flush(batches.size(), recordsInFlight());
        return attempt(batches, FIRST_BACKOFF)
                .onSuccess(v -> {
                    inFlight = List.of();
                    faults.succeeded();
                    meters.flushed(
                            batches.stream().mapToInt(FlushBatch::records).sum(), System.nanoTime() - begin);
                })
                .onComplete(done -> trace.end(done.succeeded()));
    }

    private Future<Void> attempt(List<FlushBatch> batches, Duration backoff) {
        attemptAt = System.nanoTime();
        List<LocalDate> days = batches.stream()
                .flatMap(batch -> batch.ended().stream())
                .map(end -> end.ride().day())
                .distinct()
                .toList();
        return checkpoint
                .ensureDays(days)
                .onSuccess(v -> tablesOfDays.succeeded())
                .recover(this::withoutPartitionOfDay)
                .compose(v -> checkpoint.write(batches))
                .onSuccess(v -> {
                    refusals.succeeded();
                    batches.forEach(this::written);
                })
                .recover(failure -> {
                    if (stopped) {
                        return Future.failedFuture(failure);
                    }
                    return DatabaseFailure.of(failure) == DatabaseFailure.DATA
                            ? takeApart(batches, backoff, failure)
                            : retry(batches, backoff, failure);
                });
    }

    /** Rides of a day without a table partition go to the default one: a reader's lock must not hold up the flush. */
    private Future<Void> withoutPartitionOfDay(Throwable failure) {
        tablesOfDays.failed("its rides go to the default one: " + DatabaseFailure.text(failure));
        return Future.succeededFuture();
    }

    private void written(FlushBatch batch) {
        writtenAt = System.nanoTime();
        outcomes.written(batch);
    }

    /** By partition, then by row: see {@link SalvageWriter}. */
    private Future<Void> takeApart(List<FlushBatch> batches, Duration backoff, Throwable failure) {
        refusals.failed("PostgreSQL refuses data of a flush, which is taken apart: " + DatabaseFailure.text(failure));
        trace.failed(DatabaseFailure.text(failure));
        meters.flushFailed();
        if (batches.size() == 1) {
            FlushBatch batch = batches.getFirst();
            return checkpoint
                    .salvage(batch, () -> attemptAt = System.nanoTime())
                    .onSuccess(refused -> {
                        meters.refusedByDatabase(refused.records());
                        written(batch);
                        refused.rides().forEach(ride -> outcomes.rideRefused(batch, ride));
                    })
                    .<Void>mapEmpty()
                    .recover(again -> stopped ? Future.failedFuture(again) : retry(batches, backoff, again));
        }
        Future<Void> done = Future.succeededFuture();
        for (FlushBatch batch : batches) {
            done = done.compose(v -> attempt(List.of(batch), backoff));
        }
        return done;
    }

    private Future<Void> retry(List<FlushBatch> batches, Duration backoff, Throwable failure) {
        boolean fenced = failure instanceof FencedException;
        if (!fenced) {
            meters.flushFailed();
            report(failure);
        }
        Future<Void> pause = fenced
                ? Future.succeededFuture()
                : vertx.timer(backoff.toMillis()).mapEmpty();
        Duration longer = backoff.multipliedBy(2);
        Duration next = longer.compareTo(MAX_BACKOFF) < 0 ? longer : MAX_BACKOFF;
        return pause.compose(v -> {
                    attemptAt = System.nanoTime();
                    return checkpoint.commitStatus(batches);
                })
                .compose(
                        statuses -> resolve(statuses, next),
                        again -> stopped ? Future.failedFuture(again) : retry(batches, next, again));
    }

    private Future<Void> resolve(Map<FlushBatch, Checkpoint.CommitStatus> statuses, Duration backoff) {
        List<FlushBatch> unwritten = new ArrayList<>();
        statuses.forEach((batch, status) -> {
            switch (status) {
                case WRITTEN -> written(batch);
                case FENCED -> {
                    meters.fenced();
                    outcomes.fenced(batch);
                }
                case WRITABLE -> unwritten.add(batch);
            }
        });
        return unwritten.isEmpty() ? Future.succeededFuture() : attempt(unwritten, backoff);
    }

    private void report(Throwable failure) {
        String text = "flush failed: " + DatabaseFailure.text(failure);
        trace.failed(text);
        if (DatabaseFailure.of(failure) == DatabaseFailure.LOCK) {
            checkpoint
                    .lockHolders()
                    .onSuccess(holders -> LOG.warn("A flush waits for a lock; it may be held by {}", holders));
        }
        faults.failed(text, failure);
    }
}
