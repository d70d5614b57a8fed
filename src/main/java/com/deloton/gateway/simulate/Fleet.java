package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.Fault;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The unbounded sequence of records of a fleet of bikes, in the order in which they are due. Equal options and start give
 * equal bytes. Not thread-safe.
 */
public final class Fleet {
    /**
     * One record of the stream.
     *
     * @param key the bike's serial
     * @param value not copied; empty for {@link Fault#EMPTY}
     * @param dueMicros epoch micros
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Message(String key, byte[] value, long dueMicros) {}

    private BikeQueue bikes = new BikeQueue();
    private final long messages;
    private long taken;

    public Fleet(FleetOptions options, long startMicros) {
        this(options, startMicros, null);
    }

    /**
     * A fleet that keeps a ledger.
     *
     * @param startMicros epoch micros at which the bikes start; overrides the start in the options
     * @param ledger receives each ride after its last line; may be null
     */
    public Fleet(FleetOptions options, long startMicros, @Nullable Consumer<ExpectedRide> ledger) {
        messages = options.messages();
        SplittableRandom random = new SplittableRandom(options.seed());
        for (int i = 0; i < options.bikes(); i++) {
            bikes.add(new Bike(i, options, startMicros, random.split(), ledger));
        }
    }

    /** Epoch micros at which the next record is due; {@link Long#MAX_VALUE} after the last. */
    public long nextDueMicros() {
        Bike first = taken >= messages ? null : bikes.first();
        return first == null ? Long.MAX_VALUE : first.dueMicros();
    }

    /**
     * Returns the next record, even if it is not yet due.
     *
     * @throws IllegalStateException after the options' number of records
     */
    public Message next() {
        Bike bike = taken >= messages ? null : bikes.poll();
        if (bike == null) {
            throw new IllegalStateException("the fleet ended after " + taken + " records");
        }
        taken++;
        Message message = bike.take();
        bikes.add(bike);
        return message;
    }

    /** Ends the fleet and adds the open rides to the ledger. */
    public void finish() {
        bikes.stream().sorted(Comparator.comparingInt(Bike::index)).forEach(Bike::finish);
        bikes = new BikeQueue();
    }
}
