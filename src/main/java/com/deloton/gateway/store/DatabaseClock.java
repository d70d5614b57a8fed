package com.deloton.gateway.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of day by the database's clock, which all gateways share. The process's own clock gives the time while both
 * differ by at most {@link #TOLERANCE}. A step of the process's clock takes no effect: between two measurements, time
 * advances with {@link System#nanoTime}. Thread-safe.
 */
public final class DatabaseClock implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration TOLERANCE = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MEASUREMENT_LIMIT = Duration.ofSeconds(2);
    private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private final Vertx vertx;
    private final Pool pool;
    private final InstantSource own;
    private final AtomicBoolean measuring = new AtomicBoolean();
    private volatile Anchor anchor;
    private volatile long measuredAt;

    /**
     * A moment at which the time was known.
     *
     * @param offset of the database's clock to the process's own; zero within the tolerance
     */
    private record Anchor(long nanos, Instant own, Duration offset) {}

    /**
     * @param own the clock of the process
     */
    public DatabaseClock(Vertx vertx, Pool pool, InstantSource own, MeterRegistry registry) {
        this.vertx = vertx;
        this.pool = pool;
        this.own = own;
        measuredAt = System.nanoTime();
        anchor = new Anchor(measuredAt, own.instant(), Duration.ZERO);
        Gauge.builder("deloton.clock.offset.seconds", () -> offset().toMillis() / 1_000.0)
                .description("Database's clock minus the process's clock, in seconds; 0 within 2 s")
                .register(registry);
    }

    /** Measures, now and every half minute. Does not fail: without an answer the process's clock counts. */
    public Future<Void> start() {
        vertx.setPeriodic(INTERVAL.toMillis(), t -> measure());
        return measure();
    }

    @Override
    public Instant instant() {
        Anchor last = anchor;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - last.nanos);
        Instant expected = last.own.plus(elapsed);
        Instant now = own.instant();
        if (Duration.between(expected, now).abs().compareTo(TOLERANCE) > 0) {
            if (System.nanoTime() - measuredAt > SHORTEST_INTERVAL.toNanos()) {
                measure();
            }
            return expected.plus(last.offset);
        }
        return now.plus(last.offset);
    }

    /** The database's clock minus the process's, as it was measured last; zero within the tolerance. */
    public Duration offset() {
        return anchor.offset;
    }

    private Future<Void> measure() {
        if (!measuring.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        long begun = System.nanoTime();
        measuredAt = begun;
        return pool.query(NOW)
                .execute()
                .timeout(MEASUREMENT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(rows -> {
                    long answered = System.nanoTime();
                    Instant process = own.instant().minusNanos((answered - begun) / 2);
                    Instant database = Instant.EPOCH.plusNanos(
                            TimeUnit.MICROSECONDS.toNanos(rows.iterator().next().getLong(0)));
                    adopt(begun + (answered - begun) / 2, process, Duration.between(process, database));
                })
                .onFailure(failure -> LOG.debug("The database's clock was not read: {}", failure.toString()))
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .onComplete(done -> measuring.set(false));
    }

    private void adopt(long nanos, Instant process, Duration difference) {
        Duration offset = difference.abs().compareTo(TOLERANCE) > 0 ? difference : Duration.ZERO;
        Duration change = offset.minus(anchor.offset).abs();
        anchor = new Anchor(nanos, process, offset);
        if (change.compareTo(TOLERANCE) <= 0) {
            return;
        }
        if (offset.isZero()) {
            LOG.info("The clock of this process agrees with the database's again");
        } else {
            LOG.error(
                    "The clock of this process is {} s {} the database's, which is used instead; synchronize both with NTP",
                    offset.abs().toSeconds(),
                    offset.isNegative() ? "ahead of" : "behind");
        }
    }
}
