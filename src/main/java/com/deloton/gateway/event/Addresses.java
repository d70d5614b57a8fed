package com.deloton.gateway.event;

/** Addresses on the event bus. Those that begin with {@code live.} carry JSON text for viewers, but for the last four. */
public final class Addresses {
    /** Published with an empty body when alert mails may be due. */
    public static final String ALERT_RAISED = "alert.raised";
    /** Numbered frames of the whole fleet. */
    public static final String FLEET = "live.fleet";
    /** The names of those who started. */
    public static final String RIDERS = "live.riders";
    /** With a ride's id behind it: its readings. */
    public static final String RIDE = "live.ride.";

    public static final String RIDE_PATTERN = "live\\.ride\\.[0-9]{1,19}";
    /** Phase changes of alerts, without heart rates and limits. */
    public static final String ALERTS = "live.alerts";
    /** As {@link #ALERTS}, with heart rates and limits; the bridge forwards it as {@link #ALERTS}. */
    public static final String ALERTS_WITH_LIMITS = "live.alerts.limits";
    /** Sums over the fleet. */
    public static final String TOTALS = "live.totals";
    /** Takes the number of the last frame that a viewer has drawn. */
    public static final String ACK = "live.ack";
    /** Answers with a snapshot; not reachable from outside. */
    public static final String SNAPSHOT = "live.snapshot";

    /** {@code ended}: ids of rides that have ended; not reachable from outside. */
    public static final String RIDES_ENDED = "live.ended";
    /** Answers with the events that an event stream begins with or has missed; not reachable from outside. */
    public static final String CATCH_UP = "live.catch-up";

    private Addresses() {}

    public static boolean isRide(String address) {
        return address.startsWith(RIDE);
    }
}
