package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import java.nio.ByteBuffer;

/**
 * The arrays of a ride's chunks as bytes. A large fleet has hundreds of millions of values to restore:
 * the SQL client would make an object of each.
 */
final class ChunkArrays {
    /**
     * A chunk with readings: its first second and its arrays in PostgreSQL's binary format ({@code array_send}), which begins
     * with the number of dimensions, flags and the type, and with the size and lower bound of the dimension if it has one. A
     * value follows its size in bytes; a null has the size -1.
     */
    static final String BYTES = """
            int4send(first_s) || array_send(delay_ms) || array_send(heart_rate_bpm) || array_send(cadence_rpm)
                || array_send(resistance) || array_send(power_w) || array_send(coalesce(cleaned_s, '{}'))""";

    private static final int SIZE_BYTES = 4;

    private final ByteBuffer bytes;
    private final RideSeries series;
    private final long zeroAtMicros;

    private ChunkArrays(ByteBuffer bytes, RideSeries series, long zeroAtMicros) {
        this.bytes = bytes;
        this.series = series;
        this.zeroAtMicros = zeroAtMicros;
    }

    /**
     * Adds the readings of chunks to the series of their ride.
     *
     * @param bytes {@link #BYTES} of each chunk, in order
     * @param zeroAtMicros when second 0 of the ride was, in microseconds since 1970-01-01T00:00:00Z
     */
    static void restore(RideSeries series, long zeroAtMicros, byte[] bytes) {
        ChunkArrays chunks = new ChunkArrays(ByteBuffer.wrap(bytes), series, zeroAtMicros);
        while (chunks.bytes.hasRemaining()) {
            chunks.restoreChunk();
        }
    }

    private void restoreChunk() {
        int first = bytes.getInt();
        int[] delay = integers();
        int[] heartRate = shorts(0);
        int[] cadence = shorts(Reading.ABSENT);
        int[] resistance = shorts(Reading.ABSENT);
        float[] power = floats();
        for (int i = 0; i < delay.length; i++) {
            if (delay[i] != Integer.MIN_VALUE) {
                int second = first + i;
                long at = zeroAtMicros + second * 1_000_000L + delay[i] * 1_000L;
                Reading reading = new Reading(second, at, heartRate[i], cadence[i], resistance[i], power[i]);
                series.restore(zeroAtMicros, reading, delay[i]);
            }
        }
        for (int second : integers()) {
            series.markCleaned(second);
        }
    }

    /** Nulls are {@link Integer#MIN_VALUE}. */
    private int[] integers() {
        int[] values = new int[length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getInt() < 0 ? Integer.MIN_VALUE : bytes.getInt();
        }
        return values;
    }

    private int[] shorts(int ofNull) {
        int[] values = new int[length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getInt() < 0 ? ofNull : bytes.getShort();
        }
        return values;
    }

    /** Nulls are not a number. */
    private float[] floats() {
        float[] values = new float[length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getInt() < 0 ? Float.NaN : bytes.getFloat();
        }
        return values;
    }

    private int length() {
        int dimensions = bytes.getInt();
        bytes.position(bytes.position() + 2 * SIZE_BYTES);
        if (dimensions == 0) {
            return 0;
        }
        int length = bytes.getInt();
        bytes.position(bytes.position() + SIZE_BYTES);
        return length;
    }
}
