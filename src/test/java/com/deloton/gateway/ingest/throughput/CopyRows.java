package com.deloton.gateway.ingest.throughput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.deloton.gateway.ride.Reading;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Readings in PostgreSQL's binary COPY format. */
final class CopyRows {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(ISO_8859_1);
    private static final long EPOCH_MICROS =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final int COLUMNS = 7;
    private static final int NULL = -1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 19);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private int count;

    CopyRows() {
        try {
            out.write(SIGNATURE);
            out.writeLong(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int count() {
        return count;
    }

    void add(long rideId, Reading reading) {
        try {
            out.writeShort(COLUMNS);
            out.writeInt(Long.BYTES);
            out.writeLong(rideId);
            out.writeInt(Integer.BYTES);
            out.writeInt(reading.elapsedS());
            out.writeInt(Long.BYTES);
            out.writeLong(reading.atMicros() - EPOCH_MICROS);
            writeShort(reading.hasHeartRate(), reading.heartRateBpm());
            writeShort(reading.cadenceRpm() != Reading.ABSENT, reading.cadenceRpm());
            writeShort(reading.resistance() != Reading.ABSENT, reading.resistance());
            if (reading.hasPower()) {
                out.writeInt(Float.BYTES);
                out.writeFloat(reading.powerW());
            } else {
                out.writeInt(NULL);
            }
            count++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeShort(boolean present, int value) throws IOException {
        if (present) {
            out.writeInt(Short.BYTES);
            out.writeShort(value);
        } else {
            out.writeInt(NULL);
        }
    }

    /** All of it; nothing can be added afterwards. */
    InputStream end() throws IOException {
        out.writeShort(-1);
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
