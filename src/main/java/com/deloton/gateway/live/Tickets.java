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
 * Opens a socket once, in place of a token, which must not be part of an address. Kept in memory, so a ticket is good
 * for this process only. Safe for use by any thread.
 */
final class Tickets {
    static final Duration VALIDITY = Duration.ofSeconds(30);
    private static final int MOST = 10_000;
    private static final int BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Issued> issued = new LinkedHashMap<>();

    private record Issued(Caller caller, Instant expiresAt) {}

    Tickets(InstantSource clock) {
        this.clock = clock;
    }

    /** Null if too many wait to be used. */
    synchronized @Nullable String issue(Caller caller) {
        Instant now = clock.instant();
        forgetExpired(now);
        if (issued.size() >= MOST) {
            return null;
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issued.put(ticket, new Issued(caller, now.plus(VALIDITY)));
        return ticket;
    }

    /** Who got it; null if nobody did, or it was used, or it is too old. */
    synchronized @Nullable Caller redeem(@Nullable String ticket) {
        Issued found = ticket == null ? null : issued.remove(ticket);
        Instant now = clock.instant();
        return found != null
                        && now.isBefore(found.expiresAt())
                        && now.isBefore(found.caller().expiresAt())
                ? found.caller()
                : null;
    }

    private void forgetExpired(Instant now) {
        Iterator<Issued> oldestFirst = issued.values().iterator();
        while (oldestFirst.hasNext() && !now.isBefore(oldestFirst.next().expiresAt())) {
            oldestFirst.remove();
        }
    }
}
