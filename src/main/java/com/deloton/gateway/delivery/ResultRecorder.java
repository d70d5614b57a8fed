package com.deloton.gateway.delivery;

import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores the results of deliveries. A write that fails is repeated until it succeeds, because a delivery without a
 * stored result would be repeated. Thread-safe.
 */
public final class ResultRecorder {
    private static final Duration RETRY_DELAY = Duration.ofMillis(250);

    private final Vertx vertx;
    private final FaultLog database;
    private volatile boolean closed;

    public ResultRecorder(Vertx vertx, FaultLog database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** Fails only after {@link #close}. */
    public <T extends @Nullable Object> Future<T> record(Supplier<Future<T>> write) {
        return write.get().recover(failure -> {
            database.failed(failure);
            return closed
                    ? Future.failedFuture(failure)
                    : vertx.timer(RETRY_DELAY.toMillis()).compose(t -> record(write));
        });
    }

    /** Ends the repetitions. */
    public void close() {
        closed = true;
    }
}
