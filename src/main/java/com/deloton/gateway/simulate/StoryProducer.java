package com.deloton.gateway.simulate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.common.errors.InterruptException;

/** Sends the {@link Story} to a Kafka topic in real time, on a thread, until it is closed. */
public final class StoryProducer implements AutoCloseable {
    private final KafkaSender sender;
    private final InstantSource clock;
    private final Thread thread;

    /** @param kafkaProperties of the Kafka producer; they override the defaults, except the serializers */
    public StoryProducer(Map<String, Object> kafkaProperties, String topic, InstantSource clock) {
        this.sender = new KafkaSender(kafkaProperties, topic);
        this.clock = clock;
        thread = Thread.ofPlatform().name("story").daemon().unstarted(this::run);
    }

    /** Does not wait for the broker. */
    public void start() {
        sender.connect();
        thread.start();
    }

    /** Waits up to 10 s for records in flight. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }

    private void run() {
        Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        Story story = new Story(start);
        Queue<Story.Record> pending = new ArrayDeque<>();
        try {
            for (long second = 0; !Thread.currentThread().isInterrupted(); second++) {
                Instant at = start.plusSeconds(second);
                Thread.sleep(Duration.between(clock.instant(), at));
                pending.addAll(story.second(second, ChronoUnit.MICROS.between(Instant.EPOCH, at)));
                while (Story.isConnected(second) && !pending.isEmpty()) {
                    Story.Record record = pending.remove();
                    sender.send(record.bike(), record.value());
                }
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }
}
