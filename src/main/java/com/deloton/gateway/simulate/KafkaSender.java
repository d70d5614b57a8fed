package com.deloton.gateway.simulate;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to one topic, in order per key, and retries without limit while the broker is unavailable. One thread
 * connects, sends and closes; any thread may read the counts.
 */
final class KafkaSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSender.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final Duration NOTICE_AFTER = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, Object> properties;
    private final String topic;
    private final Function<Map<String, Object>, Producer<String, byte[]>> connector;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private @Nullable Producer<String, byte[]> producer;
    private final Duration noticeAfter;
    private boolean topicKnown;

    KafkaSender(Map<String, Object> properties, String topic) {
        this(properties, topic, KafkaProducer::new);
    }

    /** @param connector creates the producer from its properties */
    KafkaSender(
            Map<String, Object> properties,
            String topic,
            Function<Map<String, Object>, Producer<String, byte[]>> connector) {
        this(properties, topic, connector, NOTICE_AFTER);
    }

    /** @param noticeAfter the wait for the topic after which a line is logged */
    KafkaSender(
            Map<String, Object> properties,
            String topic,
            Function<Map<String, Object>, Producer<String, byte[]>> connector,
            Duration noticeAfter) {
        this.noticeAfter = noticeAfter;
        this.properties = withDefaults(properties);
        this.topic = topic;
        this.connector = connector;
    }

    /**
     * Creates the Kafka client, which needs no broker but a host name that resolves.
     *
     * @return false if no host name resolves at present
     * @throws KafkaException if a property is invalid
     */
    boolean connect() {
        try {
            if (producer == null) {
                producer = connector.apply(properties);
            }
            return true;
        } catch (KafkaException e) {
            if (String.valueOf(e.getCause()).contains("resolv")
                    || String.valueOf(e.getMessage()).contains("resolv")) {
                LOG.warn(
                        "{} cannot be resolved; retrying every second",
                        properties.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG));
                return false;
            }
            throw e;
        }
    }

    /**
     * Sends a record asynchronously. Blocks while the client's buffer is full or the topic's metadata is missing.
     *
     * @throws InterruptException if the thread is interrupted; the record then counts as failed
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    void send(String key, byte[] value) {
        try {
            connected().send(new ProducerRecord<>(topic, key, value), (metadata, exception) -> {
                if (exception == null) {
                    sent.incrementAndGet();
                } else {
                    fail(exception);
                }
            });
        } catch (InterruptException e) {
            failed.incrementAndGet();
            throw e;
        }
    }

    /** Number of records that the broker confirmed. */
    long sent() {
        return sent.get();
    }

    /** Number of records that could not be sent. */
    long failed() {
        return failed.get();
    }

    /** Waits until every record is confirmed or has failed. */
    void flush() {
        if (producer != null) {
            producer.flush();
        }
    }

    /** Waits up to 10 s for records in flight. */
    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
        }
    }

    /** The message for a property that Kafka rejected. */
    static String explain(KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return "Kafka rejected the options: " + cause.getMessage()
                + "; correct --bootstrap, --property or --producer-config";
    }

    private Producer<String, byte[]> connected() {
        while (!connect()) {
            try {
                Thread.sleep(RETRY_INTERVAL);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
        Producer<String, byte[]> connected = Objects.requireNonNull(producer);
        if (!topicKnown) {
            awaitTopic(connected);
            topicKnown = true;
        }
        return connected;
    }

    /** Waits until the broker answers and has the topic, with one log line if that takes more than a moment. */
    private void awaitTopic(Producer<String, byte[]> connected) {
        CompletableFuture<Void> known = new CompletableFuture<>();
        CompletableFuture<Void> notice = known.copy()
                .orTimeout(noticeAfter.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(timeout -> {
                    LOG.warn(
                            "waiting for Kafka at {} and its topic {}",
                            properties.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG),
                            topic);
                    return null;
                });
        try {
            connected.partitionsFor(topic);
        } finally {
            known.complete(null);
            notice.cancel(false);
        }
    }

    private void fail(Exception exception) {
        if (failed.incrementAndGet() == 1) {
            LOG.error(
                    "a record could not be sent to {}; further failures are counted without a log line",
                    topic,
                    exception);
        }
    }

    private static Map<String, Object> withDefaults(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        all.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) Integer.MAX_VALUE);
        all.put(ProducerConfig.CLIENT_ID_CONFIG, "bike-fleet");
        all.putAll(properties);
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return all;
    }
}
