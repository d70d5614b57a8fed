package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.ExpectedRide;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A simulated fleet that sends to a Kafka topic: a dedicated thread sends each record when it is due and catches up after
 * a delay. Thread-safe.
 */
public final class FleetProducer implements AutoCloseable {
    private static final long MIN_PAUSE_NANOS = 2_000_000;
    private static final long MAX_PAUSE_MICROS = 100_000;

    private final KafkaSender sender;
    private final FleetOptions options;
    private final InstantSource clock;
    private final @Nullable Consumer<ExpectedRide> ledger;
    private volatile boolean closed;
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException fault;
    private volatile @Nullable Thread thread;

    /**
     * A fleet without a ledger.
     *
     * @param kafkaProperties of the Kafka producer; they override the defaults, except the serializers
     */
    public FleetProducer(Map<String, Object> kafkaProperties, String topic, FleetOptions options, InstantSource clock) {
        this(new KafkaSender(kafkaProperties, topic), options, clock, null);
    }

    /**
     * A fleet that keeps a ledger.
     *
     * @param ledger called on the sending thread when a ride ends, and for each open ride at the end
     */
    public FleetProducer(
            Map<String, Object> kafkaProperties,
            String topic,
            FleetOptions options,
            InstantSource clock,
            Consumer<ExpectedRide> ledger) {
        this(new KafkaSender(kafkaProperties, topic), options, clock, ledger);
    }

    FleetProducer(
            KafkaSender sender, FleetOptions options, InstantSource clock, @Nullable Consumer<ExpectedRide> ledger) {
        this.sender = sender;
        this.options = options;
        this.clock = clock;
        this.ledger = ledger;
    }

    /**
     * Starts to send. Does not wait for the broker.
     *
     * @throws org.apache.kafka.common.KafkaException if a Kafka property is invalid
     * @throws IllegalStateException if it has been started before
     */
    public synchronized void start() {
        if (thread != null || closed) {
            throw new IllegalStateException("a fleet can be started only once");
        }
        sender.connect();
        Thread started = Thread.ofPlatform().name("bike-fleet").daemon().unstarted(this::run);
        thread = started;
        started.start();
    }

    /**
     * Waits until the last record is confirmed or has failed.
     *
     * @return false on timeout
     */
    public boolean awaitEnd(Duration time) throws InterruptedException {
        Thread running = thread;
        boolean ended = running == null || running.join(time);
        if (fault != null) {
            throw new IllegalStateException("the fleet stopped", fault);
        }
        return ended;
    }

    /** Sends no further record and completes the ledger; {@link #awaitEnd} waits for the records in flight. */
    public void stop() {
        stopped = true;
    }

    /** Number of records that the broker confirmed. */
    public long sent() {
        return sender.sent();
    }

    /** Number of records that could not be sent. */
    public long failed() {
        return sender.failed();
    }

    /** Stops sending, completes the ledger, and waits up to 10 s for records in flight. */
    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            running.interrupt();
            try {
                running.join(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        sender.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long begun = micros(clock.instant());
        long start = options.start() == null ? begun : micros(options.start());
        Fleet fleet = new Fleet(options, start, ledger);
        try {
            while (!closed && !stopped) {
                long due = sendDue(fleet, due(start, begun));
                if (due == Long.MAX_VALUE) {
                    break;
                }
                pause(due - due(start, begun));
            }
        } catch (InterruptException e) {
            fault = closed ? null : e;
        } catch (RuntimeException e) {
            fault = e;
        } finally {
            finish(fleet);
        }
    }

    /** Sends all records due by {@code nowMicros}. Returns when the next one is due, {@link Long#MAX_VALUE} for never. */
    long sendDue(Fleet fleet, long nowMicros) {
        long due = fleet.nextDueMicros();
        while (due <= nowMicros && due != Long.MAX_VALUE && !closed && !stopped) {
            Fleet.Message message = fleet.next();
            sender.send(message.key(), message.value());
            due = fleet.nextDueMicros();
        }
        return due;
    }

    /** The fleet's time now, in epoch micros, given when fleet time and wall clock began. */
    private long due(long start, long begun) {
        return Double.isInfinite(options.speed())
                ? Long.MAX_VALUE
                : start + (long) ((micros(clock.instant()) - begun) * options.speed());
    }

    private void pause(long fleetMicros) {
        double micros = Math.min(fleetMicros / options.speed(), MAX_PAUSE_MICROS);
        LockSupport.parkNanos(this, Math.max((long) (micros * 1000), MIN_PAUSE_NANOS));
    }

    private void finish(Fleet fleet) {
        try {
            fleet.finish();
            if (!closed) {
                sender.flush();
            }
        } catch (InterruptException e) {
            fault = closed ? fault : e;
        } catch (RuntimeException e) {
            fault = e;
        }
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
