package com.deloton.gateway.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many are watching this process, which rides, and how they fare. Safe for use by any thread. */
public final class ViewerRegistry {
    private final AtomicInteger viewers = new AtomicInteger();
    private final Map<String, Integer> bySubject = new ConcurrentHashMap<>();
    private final Map<Long, Integer> rides = new ConcurrentHashMap<>();
    private final DistributionSummary frames;
    private final Counter dropped;
    private final Counter stalled;

    public ViewerRegistry(MeterRegistry registry) {
        Gauge.builder("deloton.live.viewers", viewers, AtomicInteger::get)
                .description("Open sockets of the dashboard")
                .register(registry);
        frames = DistributionSummary.builder("deloton.live.frame")
                .description("Size of the fleet's frames as they were published")
                .baseUnit("bytes")
                .register(registry);
        dropped = Counter.builder("deloton.live.dropped.messages")
                .description("Messages that a viewer did not get because it is slow")
                .register(registry);
        stalled = Counter.builder("deloton.live.stalled.viewers")
                .description("Viewers disconnected because they had stalled")
                .register(registry);
    }

    int viewers() {
        return viewers.get();
    }

    /** How many sockets one person has open. */
    int viewersOf(String subject) {
        return bySubject.getOrDefault(subject, 0);
    }

    void came(String subject) {
        viewers.incrementAndGet();
        bySubject.merge(subject, 1, Integer::sum);
    }

    void left(String subject) {
        viewers.decrementAndGet();
        bySubject.computeIfPresent(subject, (name, count) -> count == 1 ? null : (Integer) (count - 1));
    }

    boolean looksAtRides() {
        return !rides.isEmpty();
    }

    boolean looksAt(long rideId) {
        return rides.containsKey(rideId);
    }

    void lookAt(long rideId) {
        rides.merge(rideId, 1, Integer::sum);
    }

    void lookAway(long rideId) {
        rides.computeIfPresent(rideId, (id, count) -> count == 1 ? null : (Integer) (count - 1));
    }

    void framed(int bytes) {
        frames.record(bytes);
    }

    void droppedMessage() {
        dropped.increment();
    }

    void closedStalled() {
        stalled.increment();
    }
}
