package com.deloton.gateway.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the open dashboard sockets of this process, in total, by subject and by ride. Thread-safe. */
public final class ViewerRegistry {
    private final AtomicInteger viewers = new AtomicInteger();
    private final Map<String, Integer> bySubject = new ConcurrentHashMap<>();
    private final Map<Long, Integer> rides = new ConcurrentHashMap<>();
    private final DistributionSummary frames;
    private final Counter dropped;
    private final Counter stalled;

    public ViewerRegistry(MeterRegistry registry) {
        Gauge.builder("deloton.live.viewers", viewers, AtomicInteger::get)
                .description("Open dashboard sockets")
                .register(registry);
        frames = DistributionSummary.builder("deloton.live.frame")
                .description("Size of the published fleet frames")
                .baseUnit("bytes")
                .register(registry);
        dropped = Counter.builder("deloton.live.dropped.messages")
                .description("Messages dropped because a viewer was too slow")
                .register(registry);
        stalled = Counter.builder("deloton.live.stalled.viewers")
                .description("Viewers disconnected because they stalled")
                .register(registry);
    }

    int viewers() {
        return viewers.get();
    }

    /** The number of open sockets of one token subject. */
    int viewersOf(String subject) {
        return bySubject.getOrDefault(subject, 0);
    }

    void connected(String subject) {
        viewers.incrementAndGet();
        bySubject.merge(subject, 1, Integer::sum);
    }

    void disconnected(String subject) {
        viewers.decrementAndGet();
        bySubject.computeIfPresent(subject, (name, count) -> count == 1 ? null : (Integer) (count - 1));
    }

    boolean hasRideSubscribers() {
        return !rides.isEmpty();
    }

    boolean hasSubscribers(long rideId) {
        return rides.containsKey(rideId);
    }

    void subscribe(long rideId) {
        rides.merge(rideId, 1, Integer::sum);
    }

    void unsubscribe(long rideId) {
        rides.computeIfPresent(rideId, (id, count) -> count == 1 ? null : (Integer) (count - 1));
    }

    void recordFrame(int bytes) {
        frames.record(bytes);
    }

    void recordDroppedMessage() {
        dropped.increment();
    }

    void recordStalled() {
        stalled.increment();
    }
}
