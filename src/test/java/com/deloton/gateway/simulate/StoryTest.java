package com.deloton.gateway.simulate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoryTest {
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    private final Story story = new Story(START);

    private List<String> lines(String bike, long second) {
        long at = ChronoUnit.MICROS.between(Instant.EPOCH, START.plusSeconds(second));
        return story.second(second, at).stream()
                .filter(record -> record.bike().equals(bike))
                .map(record -> new String(record.value(), US_ASCII))
                .toList();
    }

    @Test
    void theThirdReadingOutOfRangeIsAtTwentySeconds() {
        assertThat(lines("STORY1", 17)).last().asString().doesNotContain("hrt = 206");
        for (int second = 18; second <= 20; second++) {
            assertThat(lines("STORY1", second)).last().asString().contains("hrt = 206;");
        }
        assertThat(lines("STORY1", 40)).last().asString().doesNotContain("hrt = 206");
    }

    @Test
    void theSensorOfTheSecondRiderDropsOutAndReturns() {
        assertThat(lines("STORY2", 45)).last().asString().contains("hrt = 0;");
        assertThat(lines("STORY2", 64)).last().asString().contains("hrt = 0;");
        assertThat(lines("STORY2", 65)).last().asString().doesNotContain("hrt = 0;");
    }

    @Test
    void theThirdRideEndsAndAnotherBegins() {
        assertThat(lines("STORY3", 74)).hasSize(2).first().asString().contains("duration = 74.0");
        assertThat(lines("STORY3", 75)).hasSize(1).first().asString().contains("beginning of main");
        assertThat(lines("STORY3", 76)).isEmpty();
        assertThat(lines("STORY3", 78)).hasSize(4);
        assertThat(lines("STORY3", 79)).first().asString().contains("duration = 1.0");
    }

    @ParameterizedTest
    @CsvSource({"89, true", "90, false", "104, false", "105, true", "209, true", "210, false"})
    void theBrokerIsAwayForFifteenSecondsOfEachAct(long second, boolean connected) {
        assertThat(Story.isConnected(second)).isEqualTo(connected);
    }

    @Test
    void theScriptRepeats() {
        assertThat(lines("STORY4", 120)).hasSize(4);
        assertThat(lines("STORY4", 121)).first().asString().contains("duration = 1.0");
    }
}
