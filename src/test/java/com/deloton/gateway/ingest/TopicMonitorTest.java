package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.ingest.TopicMonitor.Offsets;
import com.deloton.gateway.ingest.TopicMonitor.Snapshot;
import io.vertx.core.Future;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicMonitorTest {
    @Test
    void aPartitionWithoutLeaderLeavesTheAnswersOfTheOthers() {
        Future<Map<Integer, String>> answered = TopicMonitor.answered(Map.of(
                0, Future.succeededFuture("0"), 1, Future.failedFuture("no leader"), 2, Future.succeededFuture("2")));

        assertThat(answered.result()).isEqualTo(Map.of(0, "0", 2, "2"));
    }

    @Test
    void noAnswerAtAllIsAFailure() {
        assertThat(TopicMonitor.answered(Map.of(0, Future.failedFuture("timed out")))
                        .cause())
                .hasMessage("timed out");
    }

    @Test
    void aPartitionWhoseOffsetsAreUnknownIsStillOfTheTopic() {
        Snapshot snapshot = new Snapshot("id", 2, Map.of(0, new Offsets(3, 7)), 0);

        assertThat(snapshot.unanswered()).containsExactly(1);
        assertThat(snapshot.has(1)).isTrue();
        assertThat(snapshot.has(2)).isFalse();
        assertThat(snapshot.offsets(0)).isEqualTo(new Offsets(3, 7));
        assertThatThrownBy(() -> snapshot.offsets(1))
                .hasMessage("Kafka does not answer for this partition; does it have a leader?");
        assertThatThrownBy(() -> snapshot.offsets(2)).hasMessage("the topic has no partition 2");
    }
}
