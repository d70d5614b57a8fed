package com.deloton.gateway.ingest;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

class PollLoopTest {
    private final CountDownLatch answer = new CountDownLatch(1);

    @Test
    void aPollThatHangsIsFatalAtTheSecondLookAndNoLongerOnceItIsAnswered() throws Exception {
        Vertx vertx = Vertx.vertx();
        AtomicInteger answered = new AtomicInteger();
        KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.create(vertx, new HangingConsumer());
        consumer.subscribe("topic").await();
        PollLoop polls = new PollLoop(vertx, consumer, records -> answered.incrementAndGet(), Duration.ofMillis(300));
        vertx.getOrCreateContext().runOnContext(v -> polls.start());

        awaitTrue(() -> polls.fatalReason() != null);
        assertThat(polls.fatalReason()).matches("the Kafka consumer has not answered for \\d+ s");

        answer.countDown();
        awaitTrue(() -> answered.get() > 0);
        assertThat(polls.fatalReason()).isNull();
        vertx.close().await();
    }

    private final class HangingConsumer extends MockConsumer<byte[], byte[]> {
        HangingConsumer() {
            super("none");
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            try {
                answer.await();
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ConsumerRecords.empty();
        }
    }
}
