package com.deloton.gateway.api.rides;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The framing of a FIT file: header, definition and data messages in little endian, and checksums. Not thread-safe. */
final class FitEncoder {
    private static final int HEADER_BYTES = 14;
    private static final int PROTOCOL_2_0 = 0x20;
    private static final int PROFILE_VERSION = 21_205;
    private static final int DEFINITION = 0x40;
    /** CRC-16/ARC, reflected. */
    private static final int POLYNOMIAL = 0xA001;

    private final Buffer messages;
    private final Set<Message> defined = new HashSet<>();

    /** A base type; the value with all bits set stands for an unknown value. */
    enum BaseType {
        ENUM(0x00, 1),
        UINT8(0x02, 1),
        UINT16(0x84, 2),
        UINT32(0x86, 4);

        private final int code;
        private final int bytes;

        BaseType(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }

        private long unknown() {
            return (1L << (8 * bytes)) - 1;
        }
    }

    /** A field by its number in the profile. */
    record Field(int number, BaseType type) {}

    /**
     * A kind of message.
     *
     * @param local number within this file, 0 to 15
     * @param global number in the profile
     */
    record Message(int local, int global, List<Field> fields) {}

    FitEncoder(int expectedBytes) {
        messages = Buffer.buffer(expectedBytes);
    }

    /** @param values one per field, in the field's unit and scale, not negative; larger than its type allows become its maximum */
    void add(Message message, @Nullable Long... values) {
        if (values.length != message.fields.size()) {
            throw new IllegalArgumentException("expected a value for each field of message " + message.global);
        }
        if (defined.add(message)) {
            define(message);
        }
        messages.appendUnsignedByte((short) message.local);
        for (int i = 0; i < values.length; i++) {
            BaseType type = message.fields.get(i).type;
            Long value = values[i];
            append(type, value == null ? type.unknown() : Math.min(value, type.unknown() - 1));
        }
    }

    private void define(Message message) {
        messages.appendUnsignedByte((short) (DEFINITION | message.local))
                .appendByte((byte) 0) // reserved
                .appendByte((byte) 0) // little endian
                .appendUnsignedShortLE(message.global)
                .appendUnsignedByte((short) message.fields.size());
        for (Field field : message.fields) {
            messages.appendUnsignedByte((short) field.number)
                    .appendUnsignedByte((short) field.type.bytes)
                    .appendUnsignedByte((short) field.type.code);
        }
    }

    private void append(BaseType type, long value) {
        switch (type) {
            case ENUM, UINT8 -> messages.appendUnsignedByte((short) value);
            case UINT16 -> messages.appendUnsignedShortLE((int) value);
            case UINT32 -> messages.appendUnsignedIntLE(value);
        }
    }

    /** The file with all messages added so far. */
    Buffer file() {
        Buffer file = Buffer.buffer(HEADER_BYTES + messages.length() + 2)
                .appendUnsignedByte((short) HEADER_BYTES)
                .appendUnsignedByte((short) PROTOCOL_2_0)
                .appendUnsignedShortLE(PROFILE_VERSION)
                .appendUnsignedIntLE(messages.length())
                .appendBytes(".FIT".getBytes(StandardCharsets.US_ASCII));
        file.appendUnsignedShortLE(checksum(file)).appendBuffer(messages);
        return file.appendUnsignedShortLE(checksum(file));
    }

    private static int checksum(Buffer bytes) {
        int checksum = 0;
        for (int i = 0; i < bytes.length(); i++) {
            checksum ^= bytes.getUnsignedByte(i);
            for (int bit = 0; bit < 8; bit++) {
                checksum = (checksum & 1) == 0 ? checksum >>> 1 : (checksum >>> 1) ^ POLYNOMIAL;
            }
        }
        return checksum;
    }
}
