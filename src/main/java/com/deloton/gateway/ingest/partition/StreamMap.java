package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.ride.RideTracker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a partition by their Kafka key; no key is the same as an empty one. A hash table with linear probing over
 * the bytes of the keys, at most half full: a look-up makes no text of the key. Not thread-safe.
 */
final class StreamMap {
    private static final int MIN_CAPACITY = 16;
    private static final byte[] NO_KEY = {};
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** 2^64 divided by the golden ratio. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    /** Secret, so that keys cannot be chosen to fall into one slot. */
    private static final long SEED = new SecureRandom().nextLong();

    /** By slot: the hash of the stream's key, to compare before the key itself; 0 for a free slot. */
    private int[] hashes = new int[MIN_CAPACITY];

    private @Nullable BikeStream[] slots = new @Nullable BikeStream[MIN_CAPACITY];
    private int used;

    /** Streams that are not in the table: restored ones until their first record, and those with long keys. */
    private final Map<String, BikeStream> byText = new HashMap<>();

    int size() {
        return used + byText.size();
    }

    /** The stream of a key, or null. */
    @Nullable
    BikeStream get(byte @Nullable [] recordKey) {
        byte[] key = recordKey == null ? NO_KEY : recordKey;
        if (key.length <= StreamKeys.MAX_BYTES) {
            int hash = hash(key);
            for (int slot = slot(hash); hashes[slot] != 0; slot = next(slot)) {
                if (hashes[slot] == hash && Arrays.equals(at(slot).keyBytes, key)) {
                    return at(slot);
                }
            }
        }
        if (byText.isEmpty()) {
            return null;
        }
        BikeStream stream = byText.get(text(key));
        if (stream != null && key.length <= StreamKeys.MAX_BYTES) {
            byText.remove(stream.key);
            insert(stream, key);
        }
        return stream;
    }

    /** See {@link RideTracker#touch}. */
    int touch(byte @Nullable [] recordKey) {
        byte[] key = recordKey == null ? NO_KEY : recordKey;
        if (key.length > StreamKeys.MAX_BYTES) {
            return 0;
        }
        int hash = hash(key);
        int slot = slot(hash);
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = next(slot);
        }
        BikeStream stream = slots[slot];
        return stream == null ? 0 : stream.touch();
    }

    /** Adds a stream for a key that has none. */
    BikeStream add(byte @Nullable [] recordKey) {
        byte[] key = recordKey == null ? NO_KEY : recordKey;
        BikeStream stream = new BikeStream(text(key));
        if (key.length <= StreamKeys.MAX_BYTES) {
            insert(stream, key);
        } else {
            byText.put(stream.key, stream);
        }
        return stream;
    }

    /** Adds a stream by the text of its key, as the warehouse has it. */
    void restore(BikeStream stream) {
        byText.put(stream.key, stream);
    }

    /** The stream that was restored by this text and has had no record since, or null. */
    @Nullable
    BikeStream restored(String text) {
        return byText.get(text);
    }

    /** Removes a stream of this map. */
    void remove(BikeStream stream) {
        byte[] key = stream.keyBytes;
        if (key == null) {
            byText.remove(stream.key);
            return;
        }
        int slot = slot(hash(key));
        while (slots[slot] != stream) {
            slot = next(slot);
        }
        used--;
        closeGap(slot);
    }

    /** A copy, in no particular order. */
    List<BikeStream> all() {
        List<BikeStream> all = new ArrayList<>(size());
        all.addAll(byText.values());
        for (BikeStream stream : slots) {
            if (stream != null) {
                all.add(stream);
            }
        }
        return all;
    }

    private static String text(byte[] key) {
        return key.length == 0 ? "" : Objects.requireNonNull(StreamKeys.text(key));
    }

    private BikeStream at(int slot) {
        return Objects.requireNonNull(slots[slot]);
    }

    private void insert(BikeStream stream, byte[] key) {
        stream.keyBytes = key;
        used++;
        if (used * 2 > slots.length) {
            grow();
        }
        put(stream, hash(key));
    }

    private void put(BikeStream stream, int hash) {
        int slot = slot(hash);
        while (hashes[slot] != 0) {
            slot = next(slot);
        }
        hashes[slot] = hash;
        slots[slot] = stream;
    }

    private void grow() {
        int[] oldHashes = hashes;
        @Nullable BikeStream[] oldSlots = slots;
        hashes = new int[oldSlots.length * 2];
        slots = new @Nullable BikeStream[oldSlots.length * 2];
        for (int i = 0; i < oldSlots.length; i++) {
            BikeStream stream = oldSlots[i];
            if (stream != null) {
                put(stream, oldHashes[i]);
            }
        }
    }

    /** Frees a slot and moves streams behind it forward that a search would not find any more. */
    private void closeGap(int freed) {
        int gap = freed;
        for (int slot = next(gap); hashes[slot] != 0; slot = next(slot)) {
            int fromHome = (slot - slot(hashes[slot])) & (slots.length - 1);
            int fromGap = (slot - gap) & (slots.length - 1);
            if (fromHome >= fromGap) {
                hashes[gap] = hashes[slot];
                slots[gap] = slots[slot];
                gap = slot;
            }
        }
        hashes[gap] = 0;
        slots[gap] = null;
    }

    private int slot(int hash) {
        return hash & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    /** Never 0. */
    private static int hash(byte[] key) {
        long hash = mix(SEED ^ key.length);
        int i = 0;
        for (; i + Long.BYTES <= key.length; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(key, i));
        }
        long rest = 0;
        for (; i < key.length; i++) {
            rest = (rest << Byte.SIZE) | (key[i] & 0xFF);
        }
        int folded = (int) mix(hash ^ rest);
        return folded == 0 ? 1 : folded;
    }

    private static long mix(long bits) {
        long product = bits * MULTIPLIER;
        return product ^ (product >>> Integer.SIZE);
    }
}
