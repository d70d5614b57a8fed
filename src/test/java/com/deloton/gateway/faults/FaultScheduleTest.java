package com.deloton.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.faults.FaultSchedule.Step;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FaultScheduleTest {
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final List<Fault> ALL = List.of(Fault.values());
    private static final List<TopicChange> ENDS = List.of(TopicChange.values());

    @Property(tries = 100)
    void equalSeedsGiveEqualSchedules(@ForAll long seed) {
        assertThat(FaultSchedule.draw(seed, 10, ALL, LONGEST, ENDS))
                .isEqualTo(FaultSchedule.draw(seed, 10, ALL, LONGEST, ENDS));
    }

    @Property(tries = 100)
    void noFaultOccursTwiceBeforeEachHasOccurred(@ForAll long seed) {
        FaultSchedule schedule = FaultSchedule.draw(seed, ALL.size(), ALL, LONGEST, ENDS);

        assertThat(schedule.steps()).extracting(Step::fault).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(schedule.gateways()).isBetween(1, 3);
        assertThat(schedule.steps())
                .allSatisfy(step -> assertThat(step.length()).isBetween(Duration.ofSeconds(1), LONGEST));
    }
}
