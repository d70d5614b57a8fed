package com.deloton.gateway.live;

import com.deloton.gateway.event.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest alerts, and the latest readings of the rides that viewers follow, for event streams that were interrupted.
 * Confined to the event loop of its {@link LiveVerticle}.
 */
final class StreamHistory {
    static final int MAX_ALERTS = 1_000;
    /** Of each ride; usually a second each. */
    static final int MAX_READINGS = 120;
    /** The id before the first alert of a process. */
    static final String START = "start";

    private final Map<String, Deque<StreamEvent>> alerts =
            Map.of(Addresses.ALERTS, new ArrayDeque<>(), Addresses.ALERTS_WITH_LIMITS, new ArrayDeque<>());
    private final Map<Long, Deque<String>> readings = new HashMap<>();
    private boolean alertsForgotten;

    /** Remembers a published message. */
    void published(String busAddress, String body) {
        Deque<StreamEvent> kind = alerts.get(busAddress);
        if (kind != null) {
            kind.add(StreamEvent.of(busAddress, body));
            if (kind.size() > MAX_ALERTS) {
                kind.remove();
                alertsForgotten = true;
            }
        } else if (Addresses.isRide(busAddress)) {
            Deque<String> ride = readings.computeIfAbsent(
                    Long.valueOf(busAddress.substring(Addresses.RIDE.length())), id -> new ArrayDeque<>());
            ride.add(body);
            if (ride.size() > MAX_READINGS) {
                ride.remove();
            }
        }
    }

    /** Forgets the readings of all other rides. */
    void retainRides(LongPredicate followed) {
        readings.keySet().removeIf(ride -> !followed.test(ride));
    }

    /**
     * The alerts after the one with this id, then {@code ready}; without them but with a {@code gap} if the id is unknown.
     *
     * @param after empty: none
     */
    List<StreamEvent> alertsAfter(String busAddress, String after, long nowMillis) {
        List<StreamEvent> known = List.copyOf(alerts.getOrDefault(busAddress, new ArrayDeque<>()));
        List<StreamEvent> events = new ArrayList<>();
        int last = lastIndexOf(known, after);
        if (last >= 0 || (after.equals(START) && !alertsForgotten)) {
            events.addAll(known.subList(last + 1, known.size()));
        } else if (!after.isEmpty()) {
            events.add(new StreamEvent(
                    "gap", null, new JsonObject().put("after", after).encode()));
        }
        String id = known.isEmpty() ? START : known.getLast().id();
        events.add(new StreamEvent(
                "ready", id, new JsonObject().put("at", nowMillis).encode()));
        return events;
    }

    private static int lastIndexOf(List<StreamEvent> events, String id) {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (id.equals(events.get(i).id())) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The readings of a ride after this second, behind a {@code gap} if some of them are missing; then its current values.
     *
     * @param after null: only the current values
     * @param ride its current values
     */
    List<StreamEvent> readingsAfter(long rideId, @Nullable Integer after, String ride) {
        int current = new JsonObject(ride).getInteger("s");
        List<StreamEvent> events = new ArrayList<>();
        if (after != null && after < current) {
            List<String> missed = readings.getOrDefault(rideId, new ArrayDeque<>()).stream()
                    .filter(body -> LiveJson.lastSecondOf(body) > after)
                    .toList();
            int from = missed.isEmpty() ? current + 1 : LiveJson.firstSecondOf(missed.getFirst());
            if (from > after + 1) {
                events.add(new StreamEvent(
                        "gap",
                        null,
                        new JsonObject()
                                .put("afterS", after)
                                .put("beforeS", from)
                                .encode()));
            }
            missed.forEach(body -> events.add(StreamEvent.of(Addresses.RIDE + rideId, body)));
        }
        events.add(new StreamEvent("ride", String.valueOf(current), ride));
        return events;
    }
}
