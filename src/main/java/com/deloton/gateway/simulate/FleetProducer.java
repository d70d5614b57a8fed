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
 * A simulated fleet that speaks to a Kafka topic: one thread of its own sends each record when it is due and catches up
 * after a standstill. All methods may be called from any thread.
 */
public final class FleetProducer implements AutoCloseable {
    private static final long MIN_NAP_NANOS = 2_000_000;
    private static final long MAX_NAP_MICROS = 100_000;

    private final KafkaSender outlet;
    private final FleetOptions options;
    private final InstantSource clock;
    private final @Nullable Consumer<ExpectedRide> ledger;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException fault;
    private volatile @Nullable Thread thread;

    /**
     * A fleet without a ledger.
     *
     * @param kafkaProperties of the Kafka producer; they win over the defaults, but for the serializers
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
            KafkaSender outlet, FleetOptions options, InstantSource clock, @Nullable Consumer<ExpectedRide> ledger) {
        this.outlet = outlet;
        this.options = options;
        this.clock = clock;
        this.ledger = ledger;
    }

    /**
     * Begins to send. Does not wait for the broker.
     *
     * @throws org.apache.kafka.common.KafkaException if the Kafka properties are wrong
     * @throws IllegalStateException if it has been started before
     */
    public synchronized void start() {
        if (thread != null || closed) {
            throw new IllegalStateException("a fleet starts once");
        }
        outlet.connect();
        Thread sender = Thread.ofPlatform().name("bike-fleet").daemon().unstarted(this::run);
        thread = sender;
        sender.start();
    }

    /**
     * Waits until the last message has been confirmed or given up.
     *
     * @return false if that has not come within the time
     */
    public boolean awaitEnd(Duration time) throws InterruptedException {
        Thread sender = thread;
        boolean ended = sender == null || sender.join(time);
        if (fault != null) {
            throw new IllegalStateException("the fleet has stopped", fault);
        }
        return ended;
    }

    /** Records that the broker has confirmed. */
    public long sent() {
        return outlet.sent();
    }

    /** Records that will never arrive. */
    public long failed() {
        return outlet.failed();
    }

    /** Stops sending, completes the ledger, and gives records on their way ten seconds to arrive. */
    @Override
    public void close() {
        closed = true;
        Thread sender = thread;
        boolean interrupted = false;
        while (sender != null && sender.isAlive()) {
            sender.interrupt();
            try {
                sender.join(Duration.ofMillis(100));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        outlet.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long begun = micros(clock.instant());
        long start = options.start() == null ? begun : micros(options.start());
        Fleet fleet = new Fleet(options, start, ledger);
        try {
            while (!closed) {
                long due = pump(fleet, due(start, begun));
                if (due == Long.MAX_VALUE) {
                    break;
                }
                nap(due - due(start, begun));
            }
        } catch (InterruptException e) {
            fault = closed ? null : e;
        } catch (RuntimeException e) {
            fault = e;
        } finally {
            settle(fleet);
        }
    }

    /** Sends all that is due by then. Returns when the next record is due, {@link Long#MAX_VALUE} for never. */
    long pump(Fleet fleet, long nowMicros) {
        long due = fleet.nextDueMicros();
        while (due <= nowMicros && due != Long.MAX_VALUE && !closed) {
            Fleet.Message message = fleet.next();
            outlet.send(message.key(), message.value());
            due = fleet.nextDueMicros();
        }
        return due;
    }

    /** The instant that the fleet has reached, given when both times began. */
    private long due(long start, long begun) {
        return Double.isInfinite(options.speed())
                ? Long.MAX_VALUE
                : start + (long) ((micros(clock.instant()) - begun) * options.speed());
    }

    private void nap(long fleetMicros) {
        double micros = Math.min(fleetMicros / options.speed(), MAX_NAP_MICROS);
        LockSupport.parkNanos(this, Math.max((long) (micros * 1000), MIN_NAP_NANOS));
    }

    private void settle(Fleet fleet) {
        try {
            fleet.finish();
            if (!closed) {
                outlet.flush();
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
