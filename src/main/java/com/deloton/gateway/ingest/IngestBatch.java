package com.deloton.gateway.ingest;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.Rider;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one poll brought to light, published at {@link #ADDRESS} on the local event bus before it is stored. Immutable:
 * consumers share it. After a restart the latest batches come again.
 */
public record IngestBatch(List<Event> events) {
    public static final String ADDRESS = "ingest.batch";

    public sealed interface Event {
        long rideId();
    }

    public record Started(
            long rideId,
            String streamKey,
            @Nullable Rider rider,
            @Nullable String bikeSerial,
            long startedAtMicros) implements Event {}

    public record Measured(long rideId, Reading reading) implements Event {}

    public record Ended(long rideId, Ending ending) implements Event {}

    /** Passes batches by reference; they never leave the process. */
    static final class Codec implements MessageCodec<IngestBatch, IngestBatch> {
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
