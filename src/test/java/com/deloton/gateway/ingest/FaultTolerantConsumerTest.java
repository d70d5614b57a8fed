package com.deloton.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.config.KafkaConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class FaultTolerantConsumerTest {
    /** Commits only serve lag tools, and the thread that waits for them is the one that polls. */
    @Test
    void aGroupCoordinatorThatDoesNotAnswerHoldsUpPollingForASecondOnly() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KafkaConfig kafka = new KafkaConfig("localhost:" + silent.getLocalPort(), "topic", "group", Map.of());
            FaultTolerantConsumer consumer = new FaultTolerantConsumer(ConsumerSettings.of(kafka, 1));
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    Map.of(new TopicPartition("topic", 0), new OffsetAndMetadata(1));
            long begun = System.nanoTime();

            assertThatThrownBy(() -> consumer.commitSync(offsets)).isInstanceOf(TimeoutException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(20));
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
