package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilenceGuardTest {
    private final EmbeddedChannel connection = new EmbeddedChannel();

    @BeforeEach
    void guard() {
        connection.freezeTime();
        connection.pipeline().addFirst(new SilenceGuard.SocketCloser(1_000));
    }

    @AfterEach
    void release() {
        connection.finishAndReleaseAll();
    }

    @Test
    void anIdleConnectionIsClosed() {
        pass(900);
        assertThat(connection.isOpen()).isTrue();

        pass(200);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void aRequestLateInTheSilenceGetsTheWholeTimeForItsResponse() {
        pass(900);
        connection.writeOutbound(Unpooled.EMPTY_BUFFER);

        pass(900);
        assertThat(connection.isOpen()).isTrue();
        pass(200);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void aResponseBeginsTheSilenceAgain() {
        pass(900);
        connection.writeOutbound(Unpooled.EMPTY_BUFFER);
        pass(500);
        connection.writeInbound(Unpooled.EMPTY_BUFFER);

        pass(900);
        assertThat(connection.isOpen()).isTrue();
        pass(200);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void furtherRequestsDoNotExtendTheTimeOfTheFirst() {
        connection.writeOutbound(Unpooled.EMPTY_BUFFER);
        pass(900);
        connection.writeOutbound(Unpooled.EMPTY_BUFFER);

        pass(200);
        assertThat(connection.isOpen()).isFalse();
    }

    private void pass(long millis) {
        connection.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        connection.runPendingTasks();
        connection.runScheduledPendingTasks();
    }
}
