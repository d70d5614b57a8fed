package com.deloton.gateway.live;

import com.deloton.gateway.auth.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Single-use tickets that open a socket, so that no token appears in a URL. Kept in memory: a ticket is valid in this
 * process only. A subject gets a limited number of tickets per {@link #VALIDITY}, used or not, so that it can exhaust
 * neither the memory for tickets nor the share of others. Thread-safe.
 */
final class Tickets {
    static final Duration VALIDITY = Duration.ofSeconds(30);
    private static final int MAX_ISSUED = 10_000;
    private static final int BYTES = 32;

    private final InstantSource clock;
    private final int maxPerSubject;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Issued> issued = new LinkedHashMap<>();
    private final Map<String, Integer> bySubject = new HashMap<>();

    private static final class Issued {
        private final Caller caller;
        private final Instant expiresAt;
        private boolean used;

        Issued(Caller caller, Instant expiresAt) {
            this.caller = caller;
            this.expiresAt = expiresAt;
        }
    }

    Tickets(InstantSource clock, int maxPerSubject) {
        this.clock = clock;
        this.maxPerSubject = maxPerSubject;
    }

    /** Whether the subject has received all its tickets of the last {@link #VALIDITY}. */
    synchronized boolean isLimited(String subject) {
        removeExpired(clock.instant());
        return bySubject.getOrDefault(subject, 0) >= maxPerSubject;
    }

    /** A new ticket, or null if the limit of the subject or of the process is reached. */
    synchronized @Nullable String issue(Caller caller) {
        Instant now = clock.instant();
        removeExpired(now);
        if (issued.size() >= MAX_ISSUED || bySubject.getOrDefault(caller.subject(), 0) >= maxPerSubject) {
            return null;
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issued.put(ticket, new Issued(caller, now.plus(VALIDITY)));
        bySubject.merge(caller.subject(), 1, Integer::sum);
        return ticket;
    }

    /** The caller it was issued to; null if it is unknown, used or expired. */
    synchronized @Nullable Caller redeem(@Nullable String ticket) {
        Issued found = ticket == null ? null : issued.get(ticket);
        Instant now = clock.instant();
        if (found == null || found.used) {
            return null;
        }
        found.used = true;
        return now.isBefore(found.expiresAt) && now.isBefore(found.caller.expiresAt()) ? found.caller : null;
    }

    private void removeExpired(Instant now) {
        Iterator<Issued> oldestFirst = issued.values().iterator();
        while (oldestFirst.hasNext()) {
            Issued oldest = oldestFirst.next();
            if (now.isBefore(oldest.expiresAt)) {
                return;
            }
            oldestFirst.remove();
            bySubject.computeIfPresent(
                    oldest.caller.subject(), (subject, count) -> count == 1 ? null : (Integer) (count - 1));
        }
    }
}
