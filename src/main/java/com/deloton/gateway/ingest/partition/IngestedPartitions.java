package com.deloton.gateway.ingest.partition;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The partitions that Kafka has assigned to the ingest verticles of this process. Thread-safe. */
public final class IngestedPartitions {
    private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    public boolean contains(int number) {
        return numbers.contains(number);
    }

    public void add(int number) {
        if (numbers.add(number)) {
            listeners.forEach(Runnable::run);
        }
    }

    public void remove(int number) {
        if (numbers.remove(number)) {
            listeners.forEach(Runnable::run);
        }
    }

    /** {@code listener} is called after each change, on the thread that makes it. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
