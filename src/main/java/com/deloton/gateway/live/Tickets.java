package com.deloton.gateway.live;

import com.deloton.gateway.auth.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Single-use tickets that open a socket, so that no token appears in a URL. Kept in memory: a ticket is valid in this
 * process only. Thread-safe.
 */
final class Tickets {
    static final Duration VALIDITY = Duration.ofSeconds(30);
    private static final int MAX_OUTSTANDING = 10_000;
    private static final int BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Issued> issued = new LinkedHashMap<>();

    private record Issued(Caller caller, Instant expiresAt) {}

    Tickets(InstantSource clock) {
        this.clock = clock;
    }

    /** A new ticket, or null while {@link #MAX_OUTSTANDING} tickets are unused. */
    synchronized @Nullable String issue(Caller caller) {
        Instant now = clock.instant();
        removeExpired(now);
        if (issued.size() >= MAX_OUTSTANDING) {
            return null;
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issued.put(ticket, new Issued(caller, now.plus(VALIDITY)));
        return ticket;
    }

    /** The caller it was issued to; null if it is unknown, used or expired. */
    synchronized @Nullable Caller redeem(@Nullable String ticket) {
        Issued found = ticket == null ? null : issued.remove(ticket);
        Instant now = clock.instant();
        return found != null
                        && now.isBefore(found.expiresAt())
                        && now.isBefore(found.caller().expiresAt())
                ? found.caller()
                : null;
    }

    private void removeExpired(Instant now) {
        Iterator<Issued> oldestFirst = issued.values().iterator();
        while (oldestFirst.hasNext() && !now.isBefore(oldestFirst.next().expiresAt())) {
            oldestFirst.remove();
        }
    }
}
