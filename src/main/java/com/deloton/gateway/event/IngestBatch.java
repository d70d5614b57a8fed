package com.deloton.gateway.event;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRateState;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.telemetry.LogLine.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one poll, published at {@link #ADDRESS} on the local event bus before they are stored. Immutable: consumers
 * share it. After a restart the latest events are published again.
 *
 * @param followed whether another process ingests the partition, and this one only shows it
 */
public record IngestBatch(List<Event> events, boolean followed) {
    private static final Logger LOG = LoggerFactory.getLogger(IngestBatch.class);
    private static final String ADDRESS = "ingest.batch";

    public sealed interface Event {}

    /**
     * A ride began.
     *
     * @param limits the range of the rider's heart rate, agreed with the rider or computed by the formula
     */
    public record Started(
            long rideId,
            String streamKey,
            @Nullable Rider rider,
            @Nullable String bikeSerial,
            long startedAtMicros,
            @Nullable HeartRateLimits limits)
            implements Event {

        public static Started of(Ride ride, String streamKey, HeartRateWatch watch) {
            return new Started(
                    ride.id(), streamKey, ride.rider(), ride.bikeSerial(), ride.startedAtMicros(), watch.limits());
        }
    }

    /**
     * A second of a ride.
     *
     * @param receivedAtMicros Kafka's timestamp of the record that brought it
     */
    public record Measured(long rideId, Reading reading, long receivedAtMicros) implements Event {}

    /** An event of the ride's heart-rate watch; ahead of the reading that caused it. */
    public record HeartRateChanged(long rideId, HeartRateEvent signal) implements Event {}

    public record Ended(long rideId, Ending ending) implements Event {}

    /** A record is unusable and now in the quarantine. */
    public record RecordQuarantined(Reason reason) implements Event {}

    /**
     * The state of a partition was restored from the warehouse: these are its open rides; all other rides of the source that
     * are known as open have ended.
     *
     * @param sourceId the ids of rides that began in the partition are this, modulo {@link RideIds#SOURCES}
     * @param partition the number of the partition in its topic
     */
    public record PartitionRestored(int sourceId, int partition, List<OpenRide> rides) implements Event {
        public PartitionRestored {
            rides = List.copyOf(rides);
        }
    }

    /**
     * An open ride followed its key to another partition.
     *
     * @param sourceId of that partition
     */
    public record RideMoved(int sourceId, OpenRide ride) implements Event {}

    /**
     * An open ride as the warehouse or another process has it. As an event: the ride is open with these values.
     *
     * @param receivedAtMicros about when Kafka had the last record
     */
    public record OpenRide(
            Started started, @Nullable Reading last, long receivedAtMicros, double energyKj, HeartRateState heart)
            implements Event {

        public static OpenRide of(Ride ride, String streamKey, HeartRateWatch watch, long lastRecordAtMicros) {
            RideSeries series = ride.series();
            double joules = 0;
            for (int s = series.firstS(); s <= series.lastS(); s++) {
                joules += series.has(s) && series.get(s).hasPower()
                        ? series.get(s).powerW()
                        : 0;
            }
            Reading last = series.readings() == 0 ? null : series.get(series.lastS());
            return new OpenRide(
                    Started.of(ride, streamKey, watch),
                    last,
                    Math.min(lastRecordAtMicros, last == null ? ride.startedAtMicros() : last.atMicros()),
                    joules / 1_000,
                    watch.state());
        }
    }

    /** Must be called once per Vert.x instance before the first {@link #publish}; further calls change nothing. */
    public static void registerCodec(EventBus bus) {
        try {
            bus.registerDefaultCodec(IngestBatch.class, new Codec());
        } catch (IllegalStateException alreadyRegistered) {
            LOG.debug("Another verticle registered the codec of batches");
        }
    }

    /** Publishes and clears the events of partitions that this process ingests, if there are any. */
    public static void publish(EventBus bus, List<Event> events) {
        publish(bus, events, false);
    }

    /** As {@link #publish}, for partitions that another process ingests. */
    public static void publishFollowed(EventBus bus, List<Event> events) {
        publish(bus, events, true);
    }

    private static void publish(EventBus bus, List<Event> events, boolean followed) {
        if (!events.isEmpty()) {
            bus.publish(
                    ADDRESS, new IngestBatch(List.copyOf(events), followed), new DeliveryOptions().setLocalOnly(true));
            events.clear();
        }
    }

    /** Calls {@code handler} with each batch of this process, on the event loop of the caller. */
    public static void consume(EventBus bus, Consumer<IngestBatch> handler) {
        bus.<IngestBatch>localConsumer(ADDRESS, message -> handler.accept(message.body()));
    }

    /** Passes batches by reference; they never leave the process. */
    private static final class Codec implements MessageCodec<IngestBatch, IngestBatch> {
        @Override
        public void encodeToWire(Buffer buffer, IngestBatch batch) {
            throw new UnsupportedOperationException("batches stay in the process");
        }

        @Override
        public IngestBatch decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("batches stay in the process");
        }

        @Override
        public IngestBatch transform(IngestBatch batch) {
            return batch;
        }

        @Override
        public String name() {
            return "ingest-batch";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
