package com.deloton.gateway.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bikes in the order in which their next records are due. Most of them are due within half a second: those wait in a slot for
 * each millisecond (1,024 µs), so that only the bikes of one slot are compared with each other. A queue of all bikes would
 * take half of the simulator's CPU. Not thread-safe.
 */
final class BikeQueue {
    private static final int SLOT_BITS = 10;
    /** A power of two. */
    private static final int SLOTS = 1_024;

    private static final Comparator<Bike> ORDER = (one, other) -> one.dueMicros() == other.dueMicros()
            ? Integer.compare(one.index(), other.index())
            : Long.compare(one.dueMicros(), other.dueMicros());

    private final PriorityQueue<Bike> current = new PriorityQueue<>(ORDER);
    private final List<List<Bike>> slots = new ArrayList<>(SLOTS);
    private final PriorityQueue<Bike> later = new PriorityQueue<>(ORDER);
    private int inSlots;
    /** The slot of {@link #current}, counted from the epoch. */
    private long slot = Long.MIN_VALUE;

    BikeQueue() {
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    void add(Bike bike) {
        long due = bike.dueMicros() >> SLOT_BITS;
        if (due <= slot) {
            current.add(bike);
        } else if (due - slot < SLOTS && slot != Long.MIN_VALUE) {
            slots.get((int) (due & (SLOTS - 1))).add(bike);
            inSlots++;
        } else {
            later.add(bike);
        }
    }

    /** The bike whose record is due first, the one with the lowest index of several; null if there is none. */
    @Nullable
    Bike first() {
        while (current.isEmpty() && inSlots + later.size() > 0) {
            advance();
        }
        return current.peek();
    }

    /** Removes {@link #first}. */
    @Nullable
    Bike poll() {
        first();
        return current.poll();
    }

    Stream<Bike> stream() {
        return Stream.concat(
                Stream.concat(current.stream(), later.stream()), slots.stream().flatMap(List::stream));
    }

    private void advance() {
        slot = inSlots == 0 ? later.element().dueMicros() >> SLOT_BITS : slot + 1;
        List<Bike> due = slots.get((int) (slot & (SLOTS - 1)));
        inSlots -= due.size();
        current.addAll(due);
        due.clear();
        for (Bike bike = later.peek();
                bike != null && (bike.dueMicros() >> SLOT_BITS) - slot < SLOTS;
                bike = later.peek()) {
            add(later.remove());
        }
    }
}
