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
    private final Tickets tickets = new Tickets(now::get, 5);
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
    void aSubjectGetsALimitedNumberPerValidityUsedOrNot() {
        for (int i = 0; i < 5; i++) {
            assertThat(tickets.redeem(tickets.issue(caller))).isEqualTo(caller);
        }

        assertThat(tickets.issue(caller)).isNull();
        assertThat(tickets.isLimited("ann")).isTrue();
        assertThat(tickets.issue(new Caller("bob", Set.of(), caller.expiresAt())))
                .isNotNull();
        now.set(now.get().plus(Tickets.VALIDITY));
        assertThat(tickets.issue(caller)).isNotNull();
        assertThat(tickets.isLimited("ann")).isFalse();
    }

    @Test
    void memoryForTicketsIsBoundedUntilTheyExpire() {
        Set<String> issued = new HashSet<>();
        String ticket = tickets.issue(caller);
        for (int subject = 0; ticket != null; subject++) {
            issued.add(ticket);
            ticket = tickets.issue(new Caller("s" + subject, Set.of(), caller.expiresAt()));
        }

        assertThat(issued).hasSize(10_000);
        assertThat(tickets.isLimited("zoe")).isFalse();
        now.set(now.get().plus(Tickets.VALIDITY));
        assertThat(tickets.issue(caller)).isNotNull();
    }
}
