package com.deloton.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.auth.Caller;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T10:00:00Z"));
    private final Tickets tickets = new Tickets(now::get);
    private final Caller caller =
            new Caller("ann", Set.of("rides:read"), now.get().plusSeconds(100));

    @Test
    void aTicketIsGoodOnceForItsTime() {
        String used = tickets.issue(caller);
        String old = tickets.issue(caller);

        assertThat(tickets.redeem(used)).isEqualTo(caller);
        assertThat(tickets.redeem(used)).isNull();
        assertThat(tickets.redeem(null)).isNull();
        now.set(now.get().plus(Tickets.VALIDITY));
        assertThat(tickets.redeem(old)).isNull();
    }

    @Test
    void aTicketIsNotGoodForLongerThanTheToken() {
        Caller shortly = new Caller("ann", Set.of(), now.get().plusSeconds(5));
        String ticket = tickets.issue(shortly);
        now.set(now.get().plusSeconds(5));

        assertThat(tickets.redeem(ticket)).isNull();
    }

    @Test
    void memoryForTicketsIsBoundedUntilTheyAreOld() {
        Set<String> issued = new HashSet<>();
        String ticket = tickets.issue(caller);
        while (ticket != null) {
            issued.add(ticket);
            ticket = tickets.issue(caller);
        }

        assertThat(issued).hasSize(10_000);
        now.set(now.get().plus(Tickets.VALIDITY));
        assertThat(tickets.issue(caller)).isNotNull();
    }
}
