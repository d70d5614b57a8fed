package com.deloton.gateway.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    void aCheckThatHangsOrBreaksIsAFindingAndHidesNoOther() throws InterruptedException {
        Map<String, Callable<List<Finding>>> checks = new LinkedHashMap<>();
        checks.put("slow", () -> {
            new CountDownLatch(1).await();
            return List.of();
        });
        checks.put("broken", () -> {
            throw new IllegalStateException("outer", new IllegalArgumentException("the reason"));
        });
        checks.put("good", () -> List.of(Finding.ok("good", "fine")));

        assertThat(Doctor.of(checks, Duration.ofSeconds(1)).examine())
                .containsExactly(
                        Finding.fail("slow", "no answer within 1 s; check the address and the network"),
                        Finding.fail("broken", "the check failed: the reason"),
                        Finding.ok("good", "fine"));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, delete, OK",
        "604800000, delete, OK",
        "86400000, delete, OK",
        "86399999, delete, WARN",
        "1800000, delete, WARN",
        "1799999, delete, FAIL",
        "-1, compact, FAIL",
        "-1, 'compact,delete', FAIL"
    })
    void retentionIsComparedWithAbandonAfter(String retentionMs, String policy, Finding.Level level) {
        Config topic = new Config(
                List.of(new ConfigEntry("retention.ms", retentionMs), new ConfigEntry("cleanup.policy", policy)));

        assertThat(BrokerCheck.retention(topic, Duration.ofMinutes(30)).level()).isEqualTo(level);
    }

    @Test
    void aClockThatDiffersIsAFault() {
        assertThat(DatabaseCheck.time(NOON, NOON.plusMillis(50), NOON.getEpochSecond() + 0.02))
                .isEqualTo(Finding.ok("clock", "differs by 0.0 s from the database's"));
        assertThat(DatabaseCheck.time(NOON, NOON.plusMillis(50), NOON.getEpochSecond() - 60.0))
                .isEqualTo(Finding.fail("clock", "differs by 60.0 s from the database's; synchronize both with NTP"));
        assertThat(DatabaseCheck.time(NOON, NOON, NOON.getEpochSecond() + 2.5).level())
                .isEqualTo(Finding.Level.FAIL);
    }

    @Test
    void connectionsAreCountedAgainstThePool() {
        assertThat(DatabaseCheck.connections(97, 5, 20))
                .isEqualTo(Finding.ok("connections", "92 of 97 are free, this process may open 20"));
        assertThat(DatabaseCheck.connections(97, 90, 20).level()).isEqualTo(Finding.Level.WARN);
    }

    @Test
    void deadRowsAreAFaultIfThereAreManyAndMoreThanLiveOnes() {
        assertThat(DatabaseCheck.bloat("reading_chunk", 100_000, 0).level()).isEqualTo(Finding.Level.OK);
        assertThat(DatabaseCheck.bloat("reading_chunk", 200_000, 200_000))
                .isEqualTo(Finding.ok("bloat", "reading_chunk has the most dead rows, 200000"));
        assertThat(DatabaseCheck.bloat("reading_chunk", 200_001, 200_000))
                .isEqualTo(Finding.warn(
                        "bloat",
                        "reading_chunk has 200001 dead rows and 200000 live ones; end long transactions, then run VACUUM"
                                + " reading_chunk and check autovacuum"));
    }

    @Test
    void anOldPostgresqlIsAFault() {
        assertThat(DatabaseCheck.version("14.2", 14))
                .isEqualTo(Finding.fail("database", "PostgreSQL 14.2; expected 15 or newer"));
        assertThat(DatabaseCheck.version("18.0", 18).level()).isEqualTo(Finding.Level.OK);
    }
}
