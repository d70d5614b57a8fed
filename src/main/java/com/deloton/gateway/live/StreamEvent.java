package com.deloton.gateway.live;

import com.deloton.gateway.event.Addresses;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event.
 *
 * @param id what a client sends as {@code Last-Event-ID}; null if it does not change with this event
 * @param data one line
 */
record StreamEvent(String name, @Nullable String id, String data) {
    /** What was published on the event bus, as an event. Its id depends only on the body, so each process gives it the same. */
    static StreamEvent of(String busAddress, String body) {
        return switch (busAddress) {
            case Addresses.FLEET -> new StreamEvent("frame", String.valueOf(LiveJson.seqOf(body)), body);
            case Addresses.TOTALS -> new StreamEvent("totals", null, body);
            case Addresses.RIDERS -> new StreamEvent("riders", null, body);
            case Addresses.ALERTS, Addresses.ALERTS_WITH_LIMITS -> new StreamEvent("alert", alertId(body), body);
            default -> new StreamEvent("readings", String.valueOf(LiveJson.lastSecondOf(body)), body);
        };
    }

    private static String alertId(String body) {
        JsonObject alert = new JsonObject(body);
        return "%d-%d-%s-%d"
                .formatted(
                        alert.getLong("ride"),
                        alert.getInteger("firstS"),
                        alert.getString("phase"),
                        alert.getInteger("s"));
    }

    /** As sent over the wire. */
    String text() {
        return (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: " + data + "\n\n";
    }
}
