package com.deloton.gateway.ingest;

import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls a consumer, one poll after the other, until it is stopped. Confined to one event loop. */
public final class PollLoop {
    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration UNANSWERED = Duration.ofSeconds(12);
    private static final Duration HUNG = Duration.ofMinutes(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<ConsumerRecords<byte[], byte[]>> handler;
    private final Duration hungAfter;
    private final FaultLog faults = new FaultLog(LOG, "Reading from Kafka");
    private final Promise<Void> ended = Promise.promise();
    private boolean running;
    private boolean stopping;
    private boolean hung;
    private long askedAt;

    /**
     * @param handler of each poll's records, also if there are none
     */
    public PollLoop(
            Vertx vertx, KafkaConsumer<byte[], byte[]> consumer, Consumer<ConsumerRecords<byte[], byte[]>> handler) {
        this(vertx, consumer, handler, HUNG);
    }

    /**
     * @param hungAfter how long a poll may be unanswered until {@link #fatalReason} is given
     */
    PollLoop(
            Vertx vertx,
            KafkaConsumer<byte[], byte[]> consumer,
            Consumer<ConsumerRecords<byte[], byte[]>> handler,
            Duration hungAfter) {
        this.vertx = vertx;
        this.consumer = consumer;
        this.handler = handler;
        this.hungAfter = hungAfter;
    }

    public boolean isRunning() {
        return running;
    }

    public void start() {
        running = true;
        poll();
    }

    private void poll() {
        if (stopping) {
            ended.complete();
            return;
        }
        askedAt = System.nanoTime();
        consumer.poll(POLL_TIMEOUT).map(KafkaConsumerRecords::records).onComplete(polled -> {
            askedAt = System.nanoTime();
            if (polled.failed()) {
                faults.failed(String.valueOf(polled.cause().getMessage()), polled.cause());
                vertx.setTimer(RETRY_DELAY.toMillis(), t -> poll());
            } else {
                handle(polled.result());
                poll();
            }
        });
    }

    private void handle(ConsumerRecords<byte[], byte[]> records) {
        try {
            handler.accept(records);
            faults.succeeded();
        } catch (RuntimeException bug) {
            faults.failed("records cannot be handled: " + bug, bug);
        }
    }

    /** Why nothing is read, or null. */
    public @Nullable String failureReason() {
        if (faults.reason() != null) {
            return "cannot read from Kafka: " + faults.reason();
        }
        Duration unanswered = unanswered();
        return unanswered.compareTo(UNANSWERED) < 0 ? null : unanswered(unanswered);
    }

    /**
     * That the consumer hangs, which only a restart cures; null unless this was so at the call before as well, since the
     * clock also runs while the process is suspended. To be called every few seconds.
     */
    public @Nullable String fatalReason() {
        Duration unanswered = unanswered();
        boolean again = hung;
        hung = unanswered.compareTo(hungAfter) > 0;
        return hung && again ? unanswered(unanswered) : null;
    }

    private static String unanswered(Duration time) {
        return "the Kafka consumer has not answered for %d s".formatted(time.toSeconds());
    }

    private Duration unanswered() {
        return running ? Duration.ofNanos(System.nanoTime() - askedAt) : Duration.ZERO;
    }

    /** Completes when the last poll's records are handled, or after a second. */
    public Future<Void> stop() {
        stopping = true;
        if (!running) {
            return Future.succeededFuture();
        }
        return Future.any(ended.future(), vertx.timer(STOP_TIMEOUT.toMillis())).mapEmpty();
    }
}
