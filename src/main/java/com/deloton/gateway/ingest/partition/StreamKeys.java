package com.deloton.gateway.ingest.partition;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The text under which the warehouse has a Kafka key. Different keys have different texts: a key of UTF-8 without NUL is
 * its own text, any other is {@code 0x} and its bytes in hex, and one above {@link #MAX_BYTES} bytes is {@code sha256:}
 * and its digest in hex, since the warehouse indexes the text.
 */
final class StreamKeys {
    /** The longest key whose text contains the key itself. */
    static final int MAX_BYTES = 256;

    private static final String HEX_PREFIX = "0x";
    private static final String DIGEST_PREFIX = "sha256:";

    private StreamKeys() {}

    static @Nullable String text(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        if (key.length > MAX_BYTES) {
            return DIGEST_PREFIX + HexFormat.of().formatHex(sha256().digest(key));
        }
        String text = isAscii(key) ? new String(key, StandardCharsets.US_ASCII) : utf8(key);
        return text == null || text.startsWith(HEX_PREFIX) || text.startsWith(DIGEST_PREFIX)
                ? HEX_PREFIX + HexFormat.of().formatHex(key)
                : text;
    }

    /** Whether all bytes are from 1 to 127. */
    private static boolean isAscii(byte[] key) {
        for (byte b : key) {
            if (b <= 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String utf8(byte[] key) {
        for (byte b : key) {
            if (b == 0) {
                return null;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
