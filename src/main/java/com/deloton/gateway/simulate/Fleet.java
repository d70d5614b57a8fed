package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.Fault;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All the records of a fleet of bikes, in the order in which they are due, without end. It is a function of the options
 * and the start alone: the same two give the same bytes. Not thread-safe.
 */
public final class Fleet {
    /**
     * One record of the stream.
     *
     * @param key the bike's serial
     * @param value for the receiver to keep; empty for {@link Fault#EMPTY}
     * @param dueMicros epoch micros
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Message(String key, byte[] value, long dueMicros) {}

    private final PriorityQueue<Bike> bikes;
    private final long messages;
    private long taken;

    public Fleet(FleetOptions options, long startMicros) {
        this(options, startMicros, null);
    }

    /**
     * A fleet that keeps a ledger.
     *
     * @param startMicros epoch micros at which the bikes wake up, whatever the options say
     * @param ledger gets each ride when its last line has been taken; null keeps none
     */
    public Fleet(FleetOptions options, long startMicros, @Nullable Consumer<ExpectedRide> ledger) {
        bikes = new PriorityQueue<>(
                options.bikes(), Comparator.comparingLong(Bike::dueMicros).thenComparingInt(Bike::index));
        messages = options.messages();
        SplittableRandom random = new SplittableRandom(options.seed());
        for (int i = 0; i < options.bikes(); i++) {
            bikes.add(new Bike(i, options, startMicros, random.split(), ledger));
        }
    }

    /** Epoch micros at which the next record is due; {@link Long#MAX_VALUE} when all have been taken. */
    public long nextDueMicros() {
        return taken >= messages || bikes.isEmpty()
                ? Long.MAX_VALUE
                : bikes.element().dueMicros();
    }

    /**
     * Takes the next record, due or not.
     *
     * @throws IllegalStateException if the options' number of messages has been taken
     */
    public Message next() {
        if (nextDueMicros() == Long.MAX_VALUE) {
            throw new IllegalStateException("the fleet has fallen silent after " + taken + " messages");
        }
        taken++;
        Bike bike = bikes.remove();
        Message message = bike.take();
        bikes.add(bike);
        return message;
    }

    /** Silences the fleet for good and writes the rides that are still going on to the ledger. */
    public void finish() {
        bikes.stream().sorted(Comparator.comparingInt(Bike::index)).forEach(Bike::finish);
        bikes.clear();
    }
}
