package com.deloton.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FaultLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(FaultLogTest.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private long now;
    private final FaultLog faults = new FaultLog(logger, "Reading", () -> now);

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aLastingFaultIsLoggedOnceThenCountedOnceAMinute() {
        for (int i = 0; i < 90; i++) {
            faults.failed("reason " + i % 2);
            pass(Duration.ofSeconds(1));
        }
        faults.succeeded();

        assertThat(lines())
                .containsExactly(
                        "Reading fails: reason 0",
                        "Reading still fails after 61 attempts in 60 s, last reason: reason 0",
                        "Reading works again after 90 failed attempts in 90 s");
    }

    @Test
    void faultsThatComeAndGoAreLoggedFiveTimesAMinute() {
        for (int i = 0; i < 1_000; i++) {
            faults.failed("refused");
            faults.succeeded();
        }
        assertThat(lines()).hasSize(10);

        pass(Duration.ofMinutes(1));
        faults.failed("refused");
        assertThat(faults.reason()).isEqualTo("refused");
        assertThat(lines()).hasSize(11).last().isEqualTo("Reading fails, as it did 995 times in between: refused");
    }

    @Test
    void aFaultThatLastsIsLoggedWithinAMinuteAlsoAfterManyShortOnes() {
        for (int i = 0; i < 10; i++) {
            faults.failed("refused");
            faults.succeeded();
        }
        faults.failed("gone");
        pass(Duration.ofMinutes(1));
        faults.failed("gone");
        faults.succeeded();

        assertThat(lines().subList(10, 12))
                .containsExactly(
                        "Reading still fails after 2 attempts in 60 s, last reason: gone",
                        "Reading works again after 2 failed attempts in 60 s");
    }
}
