package com.deloton.gateway.live;

/** Where things are on the event bus. Bodies are JSON texts; {@link #ACK} and {@link #SNAPSHOT} apart, for viewers. */
final class Addresses {
    /** Numbered frames of the whole fleet. */
    static final String FLEET = "live.fleet";
    /** The names of those who started. */
    static final String RIDERS = "live.riders";
    /** With a ride's id behind it: its readings. */
    static final String RIDE = "live.ride.";

    static final String RIDE_PATTERN = "live\\.ride\\.[0-9]{1,19}";
    /** Changes of heart-rate episodes. */
    static final String ALERTS = "live.alerts";
    /** Sums over the fleet. */
    static final String TOTALS = "live.totals";
    /** Takes the number of the last frame that a viewer has drawn. */
    static final String ACK = "live.ack";
    /** Answers with a snapshot; not reachable from outside. */
    static final String SNAPSHOT = "live.snapshot";

    private Addresses() {}

    static boolean isRide(String address) {
        return address.startsWith(RIDE);
    }
}
