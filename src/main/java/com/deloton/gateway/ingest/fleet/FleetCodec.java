package com.deloton.gateway.ingest.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.ingest.fleet.FleetRecord.Frame;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideState;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.telemetry.LogLine.Reason;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the fleet topic. The first byte of a value is its kind: {@link #RIDE} with JSON behind it, or {@link #FRAME}
 * with big-endian numbers: the count of reasons (4 bytes), each reason as its length (1 byte) and name, then 36 bytes for
 * each reading. A reader skips the kinds that it does not know.
 */
final class FleetCodec {
    private static final byte RIDE = 1;
    private static final byte FRAME = 2;

    private static final int READING_BYTES = 36;
    private static final int ABSENT_BYTE = 255;
    private static final short ABSENT_SHORT = -1;

    private FleetCodec() {}

    static byte[] rideKey(long rideId) {
        return ("ride-" + rideId).getBytes(UTF_8);
    }

    /** The ride of a key of {@link #rideKey}; throws {@link IllegalArgumentException} for another key. */
    static long rideOf(byte[] key) {
        String text = new String(key, UTF_8);
        if (!text.startsWith("ride-")) {
            throw new IllegalArgumentException("'%s' is not the key of a ride".formatted(text));
        }
        return Long.parseLong(text.substring("ride-".length()));
    }

    static byte[] encode(RideState state) {
        return Buffer.buffer()
                .appendByte(RIDE)
                .appendBuffer(RideStateJson.encode(state).toBuffer())
                .getBytes();
    }

    static byte[] encode(Frame frame) {
        int reasons = frame.quarantined().stream()
                .mapToInt(reason -> 1 + reason.name().length())
                .sum();
        ByteBuffer out = ByteBuffer.allocate(
                1 + Integer.BYTES + reasons + frame.measured().size() * READING_BYTES);
        out.put(FRAME).putInt(frame.quarantined().size());
        for (Reason reason : frame.quarantined()) {
            out.put((byte) reason.name().length()).put(reason.name().getBytes(UTF_8));
        }
        for (Measured measured : frame.measured()) {
            Reading reading = measured.reading();
            out.putLong(measured.rideId())
                    .putLong(measured.receivedAtMicros())
                    .putLong(reading.atMicros())
                    .putInt(reading.elapsedS())
                    .putFloat(reading.powerW())
                    .putShort(reading.resistance() == Reading.ABSENT ? ABSENT_SHORT : (short) reading.resistance())
                    .put((byte) reading.heartRateBpm())
                    .put((byte) (reading.cadenceRpm() == Reading.ABSENT ? ABSENT_BYTE : reading.cadenceRpm()));
        }
        return out.array();
    }

    /**
     * Null for a kind that this version does not know.
     *
     * @throws RuntimeException if the value is malformed
     */
    static @Nullable FleetRecord decode(byte[] value) {
        return switch (value.length == 0 ? 0 : value[0]) {
            case RIDE ->
                RideStateJson.decode(new JsonObject(Buffer.buffer(value).slice(1, value.length)));
            case FRAME -> frame(ByteBuffer.wrap(value, 1, value.length - 1));
            default -> null;
        };
    }

    private static Frame frame(ByteBuffer in) {
        int reasons = in.getInt();
        List<Reason> quarantined = new ArrayList<>();
        for (int i = 0; i < reasons; i++) {
            byte[] name = new byte[in.get()];
            in.get(name);
            quarantined.add(Reason.valueOf(new String(name, UTF_8)));
        }
        if (in.remaining() % READING_BYTES != 0) {
            throw new IllegalArgumentException(
                    "%d bytes are no multiple of a reading's %d".formatted(in.remaining(), READING_BYTES));
        }
        List<Measured> measured = new ArrayList<>(in.remaining() / READING_BYTES);
        while (in.hasRemaining()) {
            long rideId = in.getLong();
            long receivedAt = in.getLong();
            long at = in.getLong();
            int elapsed = in.getInt();
            float power = in.getFloat();
            short resistance = in.getShort();
            int heartRate = Byte.toUnsignedInt(in.get());
            int cadence = Byte.toUnsignedInt(in.get());
            measured.add(new Measured(
                    rideId,
                    new Reading(
                            elapsed,
                            at,
                            heartRate,
                            cadence == ABSENT_BYTE ? Reading.ABSENT : cadence,
                            resistance == ABSENT_SHORT ? Reading.ABSENT : resistance,
                            power),
                    receivedAt));
        }
        return new Frame(measured, quarantined);
    }
}
