package com.deloton.gateway.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;

/** Measures how late a timer fires, which is how long requests wait for the event loop, and that it fires. Deploy one instance per event loop. */
public final class EventLoopLag extends VerticleBase {
    private static final long PERIOD_MS = 500;

    private final Timer lag;
    private final EventLoopWatch watch;
    private long due;

    public EventLoopLag(MeterRegistry meters, EventLoopWatch watch) {
        this.watch = watch;
        lag = Timer.builder("deloton.event.loop.lag")
                .description("Delay of timers on the event loops; the maximum covers the last minutes")
                .register(meters);
    }

    @Override
    public Future<?> start() {
        due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);
        vertx.setPeriodic(PERIOD_MS, id -> {
            long now = System.nanoTime();
            lag.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
            due = now + TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);
            watch.beat(this);
        });
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        watch.leave(this);
        return Future.succeededFuture();
    }
}
