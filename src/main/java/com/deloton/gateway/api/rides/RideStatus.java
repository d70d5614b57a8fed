package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The status of a ride: {@code live}, {@code completed} or {@code abandoned}; {@code ended} selects the last two. The table
 * {@code ride} has {@code open} for {@code live}.
 */
final class RideStatus {
    /** The value of the table for a live ride. */
    static final String STORED_LIVE = "open";

    /** The values of the table for ended rides. */
    static final Set<String> STORED_ENDED = Set.of("completed", "abandoned");

    private static final String LIVE = "live";
    private static final String ENDED = "ended";

    private RideStatus() {}

    static String ofStored(String status) {
        return status.equals(STORED_LIVE) ? LIVE : status;
    }

    /**
     * The values of the table that the parameter {@code status} or its former spelling {@code state} selects; empty for all
     * rides.
     */
    static Set<String> stored(ApiRequest request) {
        List<String> given = request.list("status");
        String former = request.textOrNull("state");
        if (former != null && !given.isEmpty()) {
            throw ApiException.invalid("/query/state", "cannot be combined with `status`; expected `status` alone");
        }
        Set<String> stored = new TreeSet<>();
        for (String status : former == null ? given : List.of(former)) {
            switch (status) {
                case LIVE -> stored.add(STORED_LIVE);
                case ENDED -> stored.addAll(STORED_ENDED);
                default -> stored.add(status);
            }
        }
        return stored.size() == STORED_ENDED.size() + 1 ? Set.of() : stored;
    }
}
