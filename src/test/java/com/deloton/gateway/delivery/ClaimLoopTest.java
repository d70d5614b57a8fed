package com.deloton.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClaimLoopTest {
    private final Deque<List<String>> claims = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private final ClaimLoop<String> loop = new ClaimLoop<>(
            2,
            max -> Future.succeededFuture(claims.isEmpty() ? List.of() : claims.remove()),
            delivery -> delivery,
            this::send,
            new FaultLog(LoggerFactory.getLogger(ClaimLoopTest.class), "the database"));

    private Future<Void> send(String delivery) {
        if (delivery.startsWith("broken")) {
            throw new IllegalStateException(delivery);
        }
        sent.add(delivery);
        return Future.succeededFuture();
    }

    @Test
    void aDeliveryThatCannotBeSentTakesNoSlotFromTheOthers() {
        claims.add(List.of("broken 1", "first"));
        claims.add(List.of("broken 2", "broken 3"));
        claims.add(List.of("second"));

        loop.claimDue();

        assertThat(sent).containsExactly("first", "second");
        assertThat(loop.inFlight()).isZero();
        assertThat(loop.stop().isComplete()).isTrue();
    }
}
