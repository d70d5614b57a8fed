package com.deloton.gateway.api.alerts;

import org.jspecify.annotations.Nullable;

/** The primary key of an alert; its text in the contract is {@code rideId-firstS}. */
public record AlertKey(long rideId, int firstS) {

    /** Null if there cannot be such an alert. */
    public static @Nullable AlertKey parse(String text) {
        String[] parts = text.split("-", 2);
        try {
            return new AlertKey(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
