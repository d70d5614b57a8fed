package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.Checkpoint.FencedException;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.IngestMeters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes what has gathered, one flush at a time: when the last one has ended and the interval has passed. Little load
 * makes small, fresh flushes, much load large, cheap ones. Repeats a flush for as long as the warehouse is away.
 * Confined to one event loop.
 */
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Checkpoint checkpoint;
    private final IngestMeters meters;
    private final Duration interval;
    private final Supplier<List<FlushBatch>> source;
    private final Consumer<FlushBatch> onWritten;
    private final Consumer<FlushBatch> onFenced;

    private @Nullable Future<Void> flush;
    private long timer;
    private boolean stopped;
    private @Nullable String trouble;

    /**
     * @param source hands out what has gathered
     * @param onWritten told of each piece of work that is in the warehouse
     * @param onFenced told of each that never will be, since another consumer owns the partition
     */
    GroupCommit(
            Vertx vertx,
            Checkpoint checkpoint,
            IngestMeters meters,
            Duration interval,
            Supplier<List<FlushBatch>> source,
            Consumer<FlushBatch> onWritten,
            Consumer<FlushBatch> onFenced) {
        this.vertx = vertx;
        this.checkpoint = checkpoint;
        this.meters = meters;
        this.interval = interval;
        this.source = source;
        this.onWritten = onWritten;
        this.onFenced = onFenced;
    }

    void start() {
        timer = vertx.setTimer(interval.toMillis(), t -> flush());
    }

    /** Flushes at once, unless a flush is under way. */
    void flushNow() {
        if (flush == null && !stopped) {
            vertx.cancelTimer(timer);
            flush();
        }
    }

    /** Why the last attempt failed, or null. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Flushes what is left; gives up, with nothing written twice, after {@code patience}. */
    Future<Void> drain(Duration patience) {
        vertx.cancelTimer(timer);
        Future<Void> underWay = flush == null ? Future.succeededFuture() : flush;
        Future<Void> last = underWay.compose(v -> write(source.get()));
        Future<Void> patienceOver = vertx.timer(patience.toMillis()).mapEmpty();
        return Future.any(last, patienceOver).onComplete(done -> stopped = true).compose(v -> {
            if (!last.isComplete()) {
                LOG.warn("Stopping without the last flush: {}. The records will be read again.", trouble);
            }
            return Future.succeededFuture();
        });
    }

    private void flush() {
        Future<Void> writing = write(source.get());
        flush = writing;
        writing.onComplete(done -> {
            flush = null;
            if (!stopped) {
                start();
            }
        });
    }

    private Future<Void> write(List<FlushBatch> work) {
        if (work.isEmpty()) {
            return Future.succeededFuture();
        }
        long begin = System.nanoTime();
        return attempt(work, FIRST_BACKOFF).onSuccess(v -> {
            trouble = null;
            meters.flushed(work.stream().mapToInt(FlushBatch::records).sum(), System.nanoTime() - begin);
        });
    }

    private Future<Void> attempt(List<FlushBatch> work, Duration backoff) {
        return checkpoint
                .write(work)
                .onSuccess(v -> work.forEach(onWritten))
                .recover(failure -> stopped ? Future.failedFuture(failure) : again(work, backoff, failure));
    }

    private Future<Void> again(List<FlushBatch> work, Duration backoff, Throwable failure) {
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
        return pause.compose(v -> checkpoint.standing(work))
                .compose(
                        standing -> settle(standing, next),
                        again -> stopped ? Future.failedFuture(again) : again(work, next, again));
    }

    private Future<Void> settle(Map<FlushBatch, Checkpoint.CommitStatus> standing, Duration backoff) {
        List<FlushBatch> left = new ArrayList<>();
        standing.forEach((work, s) -> {
            switch (s) {
                case WRITTEN -> onWritten.accept(work);
                case FENCED -> {
                    meters.fenced();
                    onFenced.accept(work);
                }
                case WRITABLE -> left.add(work);
            }
        });
        return left.isEmpty() ? Future.succeededFuture() : attempt(left, backoff);
    }

    private void report(Throwable failure) {
        String text = "flush failed: " + failure.getMessage();
        if (!text.equals(trouble)) {
            LOG.error("Cannot write to the warehouse, will repeat: {}", failure.toString());
        }
        trouble = text;
    }
}
