package com.deloton.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.simulate.model.WireFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes single records of bikes to a topic; {@link #send} returns when the broker has them. */
public final class BikeProducer implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    public BikeProducer(String topic) {
        this(topic, Map.of());
    }

    /** With properties besides the broker's address, such as {@code transactional.id}. */
    public BikeProducer(String topic, Map<String, Object> properties) {
        this.topic = topic;
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", TestServers.kafkaBootstrap());
        producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** The lines from a log-on to the given second, one reading a second: heart rate 100 bpm, 60 rpm, 50 W. */
    public static List<String> ride(long userId, Instant start, int seconds) {
        List<String> lines = new ArrayList<>(logOn(userId, start));
        lines.addAll(readings(start, 1, seconds));
        return lines;
    }

    public static List<String> logOn(long userId, Instant start) {
        SequencedMap<String, String> members = new LinkedHashMap<>();
        members.put("user_id", String.valueOf(userId));
        members.put("name", "\"Test Rider\"");
        members.put("gender", "\"male\"");
        members.put("email_address", "\"rider" + userId + "@example.com\"");
        members.put("bike_serial", "\"SN" + userId + "\"");
        return List.of(
                WireFormat.BEGINNING_OF_MAIN,
                WireFormat.BEGINNING_OF_RIDE,
                WireFormat.gettingUserData(micros(start)),
                WireFormat.system(micros(start) + 500_000, WireFormat.compactObject(members)));
    }

    /** Of the seconds from {@code from} to {@code to}; 50 W and as many mW as the second. */
    public static List<String> readings(Instant start, int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int s = from; s <= to; s++) {
            lines.add(WireFormat.ride(micros(start) + s * 1_000_000L, s, 30));
            lines.add(WireFormat.telemetry(micros(start) + s * 1_000_000L + 500_000, 100, 60, 50 + s / 1_000.0));
        }
        return lines;
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    public void send(int partition, String key, List<String> lines) throws Exception {
        send(partition, key.getBytes(UTF_8), null, lines);
    }

    /**
     * Sends lines as records, and returns when the broker has them.
     *
     * @param recordMillis the records' time; null for now
     */
    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for them
    public void send(int partition, byte @Nullable [] key, @Nullable Long recordMillis, List<String> lines)
            throws Exception {
        for (String line : lines) {
            producer.send(new ProducerRecord<>(topic, partition, recordMillis, key, WireFormat.record(line)));
        }
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
