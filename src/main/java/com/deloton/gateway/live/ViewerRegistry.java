package com.deloton.gateway.live;

import com.deloton.gateway.config.LiveConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts the open dashboard sockets and event streams of this process, in total, by subject, by remote address and by ride. Thread-safe. */
public final class ViewerRegistry {
    private final AtomicInteger viewers = new AtomicInteger();
    private final Map<String, Integer> bySubject = new HashMap<>();
    private final Map<String, Integer> byAddress = new HashMap<>();
    private final Map<Long, Integer> rides = new ConcurrentHashMap<>();
    private final DistributionSummary frames;
    private final Counter dropped;
    private final Counter stalled;
    private final Counter floods;

    public ViewerRegistry(MeterRegistry registry) {
        Gauge.builder("deloton.live.viewers", viewers, AtomicInteger::get)
                .description("Open dashboard sockets and event streams")
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
        floods = Counter.builder("deloton.live.flooding.viewers")
                .description("Viewers disconnected because they sent too many messages")
                .register(registry);
    }

    int viewers() {
        return viewers.get();
    }

    /** Why {@link #connect} admits no further viewer. */
    enum Refusal {
        PROCESS_FULL,
        SUBJECT_FULL,
        ADDRESS_FULL
    }

    /** Null if a further viewer would be admitted. */
    synchronized @Nullable Refusal refusal(String subject, String remoteAddress, LiveConfig limits) {
        if (viewers.get() >= limits.maxViewers()) {
            return Refusal.PROCESS_FULL;
        }
        if (bySubject.getOrDefault(subject, 0) >= limits.maxViewersPerSubject()) {
            return Refusal.SUBJECT_FULL;
        }
        return byAddress.getOrDefault(remoteAddress, 0) >= limits.maxViewersPerAddress() ? Refusal.ADDRESS_FULL : null;
    }

    /** Counts a viewer and returns null, or returns why it is not admitted. {@link #disconnected} uncounts it. */
    synchronized @Nullable Refusal connect(String subject, String remoteAddress, LiveConfig limits) {
        Refusal refusal = refusal(subject, remoteAddress, limits);
        if (refusal == null) {
            viewers.incrementAndGet();
            bySubject.merge(subject, 1, Integer::sum);
            byAddress.merge(remoteAddress, 1, Integer::sum);
        }
        return refusal;
    }

    synchronized void disconnected(String subject, String remoteAddress) {
        viewers.decrementAndGet();
        decrement(bySubject, subject);
        decrement(byAddress, remoteAddress);
    }

    private static <K> void decrement(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : (Integer) (count - 1));
    }

    boolean hasRideSubscribers() {
        return !rides.isEmpty();
    }

    boolean hasSubscribers(long rideId) {
        return rides.containsKey(rideId);
    }

    int subscribedRides() {
        return rides.size();
    }

    void subscribe(long rideId) {
        rides.merge(rideId, 1, Integer::sum);
    }

    void unsubscribe(long rideId) {
        decrement(rides, rideId);
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

    void recordFlood() {
        floods.increment();
    }
}
