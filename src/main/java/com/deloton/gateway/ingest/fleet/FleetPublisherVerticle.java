package com.deloton.gateway.ingest.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.fleet.FleetChanges.Change;
import com.deloton.gateway.ingest.fleet.FleetRecord.Frame;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideEnded;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideState;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the state of the rides that this process ingests to the fleet topic: a frame per interval, changes of alerts at
 * once. Ingest does not depend on it: while the topic cannot be written, only its readers wait. One instance a process.
 */
public final class FleetPublisherVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(FleetPublisherVerticle.class);
    private static final Duration PARTITIONS_EVERY = Duration.ofMinutes(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConfig kafka;
    private final String topic;
    private final Duration interval;
    private final IngestedPartitions ingested;
    private final FleetWriter writer;
    private final InstantSource clock;
    private final Counter failures;
    private final FaultLog faults = new FaultLog(LOG, "Writing the fleet topic");
    private final FleetChanges changes = new FleetChanges();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private int partitions;
    private boolean writing;

    /**
     * @param interval between two frames
     * @param writer the name of this process in the topic
     */
    public FleetPublisherVerticle(
            KafkaConfig kafka,
            String topic,
            Duration interval,
            IngestedPartitions ingested,
            FleetWriter writer,
            ProcessResources resources) {
        this.kafka = kafka;
        this.topic = topic;
        this.interval = interval;
        this.ingested = ingested;
        this.writer = writer;
        clock = resources.clock();
        failures = Counter.builder("deloton.live.fleet.topic.failures")
                .description("Writes to the fleet topic that failed")
                .register(resources.registry());
    }

    @Override
    public Future<?> start() {
        producer = KafkaProducer.create(vertx, settings(kafka));
        IngestBatch.registerCodec(vertx.eventBus());
        IngestBatch.consume(vertx.eventBus(), batch -> {
            if (!batch.followed() && changes.accept(batch)) {
                write();
            }
        });
        vertx.setPeriodic(interval.toMillis(), t -> write());
        vertx.setPeriodic(PARTITIONS_EVERY.toMillis(), t -> partitions = 0);
        return Future.succeededFuture();
    }

    static Map<String, String> settings(KafkaConfig kafka) {
        Map<String, String> settings = new HashMap<>();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, "262144");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000");
        settings.putAll(kafka.properties());
        settings.keySet().retainAll(ProducerConfig.configNames());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "deloton-fleet");
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return settings;
    }

    /** One write at a time: what changes meanwhile is in the next one. */
    private void write() {
        KafkaProducer<byte[], byte[]> to = producer;
        if (writing || to == null) {
            return;
        }
        writing = true;
        partitions(to)
                .compose(count -> send(to, count))
                .onSuccess(v -> faults.succeeded())
                .onFailure(failure -> {
                    failures.increment();
                    changes.writeAll();
                    faults.failed("cannot write to %s: %s".formatted(topic, failure.getMessage()), failure);
                })
                .onComplete(v -> writing = false);
    }

    private Future<Integer> partitions(KafkaProducer<byte[], byte[]> to) {
        return partitions > 0
                ? Future.succeededFuture(partitions)
                : to.partitionsFor(topic).map(found -> partitions = found.size());
    }

    private Future<?> send(KafkaProducer<byte[], byte[]> to, int count) {
        List<Future<?>> sent = new ArrayList<>();
        int frames = 0;
        for (Change change : changes.drain(clock.millis(), ingested::contains)) {
            byte[] key = change.record() instanceof Frame
                    ? "frame-%s-%d".formatted(writer.name(), frames++).getBytes(UTF_8)
                    : FleetCodec.rideKey(rideOf(change.record()));
            KafkaProducerRecord<byte[], byte[]> record =
                    KafkaProducerRecord.create(topic, key, value(change.record()), change.sourceId() % count);
            record.addHeader(FleetWriter.HEADER, writer.name());
            if (change.record() instanceof RideEnded end) {
                record.addHeader(
                        FleetWriter.ENDING_HEADER, Buffer.buffer(end.ending().name()));
            }
            sent.add(to.send(record));
        }
        return Future.join(sent);
    }

    private static long rideOf(FleetRecord record) {
        return switch (record) {
            case RideState state -> state.ride().started().rideId();
            case RideEnded end -> end.rideId();
            case Frame frame -> throw new IllegalArgumentException("a frame is of no single ride");
        };
    }

    private static byte @Nullable [] value(FleetRecord record) {
        return switch (record) {
            case RideState state -> FleetCodec.encode(state);
            case RideEnded end -> null;
            case Frame frame -> FleetCodec.encode(frame);
        };
    }

    @Override
    public Future<?> stop() {
        KafkaProducer<byte[], byte[]> closing = producer;
        producer = null;
        return closing == null
                ? Future.succeededFuture()
                : closing.close(CLOSE_TIMEOUT.toMillis())
                        .timeout(CLOSE_TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS)
                        .otherwiseEmpty();
    }
}
