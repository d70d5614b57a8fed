package com.deloton.gateway.ingest.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.IngestBatch.PartitionRestored;
import com.deloton.gateway.event.IngestBatch.RideMoved;
import com.deloton.gateway.ingest.ConsumerSettings;
import com.deloton.gateway.ingest.PollLoop;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ride.Ride.Ending;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.kafka.client.common.PartitionInfo;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.OffsetAndTimestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a process the rides of all partitions that it does not ingest, from the fleet topic, as {@link IngestBatch}es. Reads
 * outside any consumer group, from twice {@link FleetChanges#REFRESH} ago on, and writes nothing. One instance a process.
 */
public final class FleetFollowerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(FleetFollowerVerticle.class);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);
    /** Until all that was there at the start is read. */
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(500);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConfig kafka;
    private final String topic;
    private final FleetWriter own;
    private final ProcessResources resources;
    private final List<IngestBatch.Event> events = new ArrayList<>();
    private final FleetReader reader = new FleetReader(events);
    private final FaultLog faults = new FaultLog(LOG, "Following the fleet topic");
    private final FaultLog malformed = new FaultLog(LOG, "Reading records of the fleet topic");
    private final Map<TopicPartition, Long> firstEnds = new HashMap<>();
    private KafkaConsumer<byte[], byte[]> consumer;
    private PollLoop polls;
    private Set<TopicPartition> assigned = Set.of();
    private boolean caughtUp;
    private boolean stopping;
    private volatile long lag;

    /** @param own the name under which this process writes to the topic; its records are left out */
    @SuppressWarnings("NullAway") // start() sets the rest
    public FleetFollowerVerticle(KafkaConfig kafka, String topic, FleetWriter own, ProcessResources resources) {
        this.kafka = kafka;
        this.topic = topic;
        this.own = own;
        this.resources = resources;
    }

    @Override
    public Future<?> start() {
        Gauge.builder("deloton.live.follow.lag.records", () -> lag)
                .description("Records in the topic that the live view has not seen yet")
                .register(resources.registry());
        resources.readiness().register("follow", check -> context.runOnContext(v -> check.tryComplete(status())));
        IngestBatch.registerCodec(vertx.eventBus());
        IngestBatch.consume(vertx.eventBus(), this::ownRides);
        Map<String, String> settings = ConsumerSettings.withoutGroup(kafka);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "deloton-fleet");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        consumer = KafkaConsumer.create(vertx, settings);
        polls = new PollLoop(vertx, consumer, this::accept);
        keepHouse();
        return Future.succeededFuture();
    }

    private void ownRides(IngestBatch batch) {
        if (!batch.followed()) {
            for (IngestBatch.Event event : batch.events()) {
                if (event instanceof PartitionRestored restored) {
                    reader.forget(restored.sourceId());
                } else if (event instanceof RideMoved moved) {
                    reader.forgetRide(moved.ride().started().rideId());
                }
            }
        }
    }

    private void accept(ConsumerRecords<byte[], byte[]> polled) {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            try {
                accept(record);
            } catch (RuntimeException unusable) {
                malformed.failed(
                        "record %d of %s-%d is not of the fleet's state: %s"
                                .formatted(record.offset(), topic, record.partition(), unusable),
                        unusable);
            }
        }
        IngestBatch.publishFollowed(vertx.eventBus(), events);
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
        if (own.name().equals(header(record, FleetWriter.HEADER))) {
            return;
        }
        String ending = header(record, FleetWriter.ENDING_HEADER);
        FleetRecord decoded = record.value() == null
                ? new FleetRecord.RideEnded(
                        FleetCodec.rideOf(record.key()), ending == null ? Ending.ABANDONED : Ending.valueOf(ending))
                : FleetCodec.decode(record.value());
        if (decoded != null) {
            reader.accept(decoded, record.timestamp());
        }
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    /** The next round begins when this one has ended. */
    private void keepHouse() {
        if (stopping) {
            return;
        }
        String fatal = polls.fatalReason();
        if (fatal != null) {
            resources.lifecycle().fail("follow: " + fatal);
        }
        consumer.partitionsFor(topic)
                .compose(this::assignNew)
                .compose(v -> measureLag())
                .onSuccess(v -> {
                    faults.succeeded();
                    reader.endGone();
                    IngestBatch.publishFollowed(vertx.eventBus(), events);
                })
                .onFailure(failure ->
                        faults.failed("cannot follow %s: %s".formatted(topic, failure.getMessage()), failure))
                .onComplete(v -> vertx.setTimer(
                        (caughtUp ? HOUSEKEEPING_INTERVAL : FIRST_INTERVAL).toMillis(), t -> keepHouse()));
    }

    private Future<Void> assignNew(List<PartitionInfo> found) {
        Set<TopicPartition> all = found.stream()
                .map(info -> new TopicPartition(topic, info.getPartition()))
                .collect(Collectors.toCollection(HashSet::new));
        if (all.isEmpty()) {
            return Future.failedFuture("the topic does not exist; create it with the command topics");
        }
        Set<TopicPartition> added = new HashSet<>(all);
        added.removeAll(assigned);
        if (added.isEmpty()) {
            return Future.succeededFuture();
        }
        long from = resources.clock().millis() - 2 * FleetChanges.REFRESH.toMillis();
        Map<TopicPartition, Long> times = added.stream().collect(Collectors.toMap(name -> name, name -> from));
        return Future.all(consumer.offsetsForTimes(times), consumer.endOffsets(added))
                .compose(both -> assign(all, added, both.resultAt(0), both.resultAt(1)));
    }

    private Future<Void> assign(
            Set<TopicPartition> all,
            Set<TopicPartition> added,
            Map<TopicPartition, @Nullable OffsetAndTimestamp> starts,
            Map<TopicPartition, Long> ends) {
        Future<Void> placed = consumer.assign(all);
        for (TopicPartition name : added) {
            OffsetAndTimestamp start = starts.get(name);
            long end = ends.getOrDefault(name, 0L);
            firstEnds.put(name, end);
            placed = placed.compose(v -> consumer.seek(name, start == null ? end : start.getOffset()));
        }
        return placed.onSuccess(v -> {
            assigned = all;
            if (!polls.isRunning()) {
                polls.start();
            }
        });
    }

    private Future<Void> measureLag() {
        List<TopicPartition> names = List.copyOf(assigned);
        return Future.all(
                        consumer.endOffsets(Set.copyOf(names)),
                        Future.all(names.stream().map(consumer::position).toList()))
                .map(both -> {
                    Map<TopicPartition, Long> ends = both.resultAt(0);
                    List<Long> positions = both.<CompositeFuture>resultAt(1).list();
                    long behind = 0;
                    boolean complete = true;
                    for (int i = 0; i < names.size(); i++) {
                        TopicPartition name = names.get(i);
                        behind += Math.max(0, ends.getOrDefault(name, 0L) - positions.get(i));
                        complete &= positions.get(i) >= firstEnds.getOrDefault(name, 0L);
                    }
                    lag = behind;
                    caughtUp |= complete;
                    return null;
                });
    }

    private Status status() {
        String starting = caughtUp ? null : "the rides are being read from " + topic;
        String reason = Stream.of(polls.failureReason(), faults.reason(), starting)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        JsonObject data = new JsonObject()
                .put("topic", topic)
                .put("rides", reader.rides())
                .put("lag", lag);
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        return polls.stop().eventually(() -> Future.any(consumer.close(), vertx.timer(CLOSE_TIMEOUT.toMillis())));
    }
}
