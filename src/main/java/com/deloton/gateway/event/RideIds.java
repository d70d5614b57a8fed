package com.deloton.gateway.event;

/**
 * The arithmetic of ride ids: the offset of the Kafka record that starts the ride, and the number of its partition in
 * {@code ingest_position}. The same record gives the same id, however often it is read.
 */
public final class RideIds {
    /** The number of sources that ids can tell apart; {@code source_id} is below it. */
    public static final int SOURCES = 4096;

    private RideIds() {}

    public static long of(long offset, int sourceId) {
        return offset * SOURCES + sourceId;
    }

    public static int sourceId(long rideId) {
        return (int) (rideId % SOURCES);
    }

    /** The offset of the record that started the ride. */
    public static long offset(long rideId) {
        return rideId / SOURCES;
    }
}
