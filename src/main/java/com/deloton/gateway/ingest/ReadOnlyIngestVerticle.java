package com.deloton.gateway.ingest;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.FaultTolerantConsumer.ReadFailure;
import com.deloton.gateway.ingest.TopicMonitor.Offsets;
import com.deloton.gateway.ingest.TopicMonitor.Snapshot;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.PartitionTools;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.ingest.partition.TopicGrowth;
import com.deloton.gateway.ingest.tracing.IngestTraces;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.telemetry.LineParser;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a process the events of all partitions that it does not ingest: reads them outside of the consumer group, from the
 * state in the warehouse on, and publishes the same {@link IngestBatch}es. Writes nothing anywhere. A partition that was
 * never ingested is left out until it is, since that numbers its rides.
 */
public final class ReadOnlyIngestVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyIngestVerticle.class);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);
    /** While a partition is missing. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** For Kafka to assign partitions to the ingest verticles of this process. */
    private static final Duration FIRST_ASSIGNMENT = Duration.ofSeconds(10);
    /** Changes of the assignment come in groups. */
    private static final Duration AFTER_CHANGE = Duration.ofMillis(300);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final KafkaConfig kafka;
    private final IngestConfig config;
    private final HeartRateConfig heartRateConfig;
    private final ProcessResources resources;
    private final @Nullable IngestedPartitions ingested;
    private final Recovery recovery;
    private final PartitionSet partitions;
    private final TopicGrowth growth = new TopicGrowth(false);

    private final FaultLog faults = new FaultLog(LOG, "Following the topic");
    private final List<IngestBatch.Event> events = new ArrayList<>();
    private final Map<Integer, String> unreadable = new TreeMap<>();
    /** Partitions whose stored position belongs to a topic of this name that was deleted. */
    private final Set<Integer> ofFormerTopic = new TreeSet<>();

    private PartitionTools tools;
    private HeartRateMonitor heartRate;
    private FaultTolerantConsumer faultTolerant;
    private KafkaConsumer<byte[], byte[]> consumer;
    private TopicMonitor monitor;
    private PollLoop polls;
    private @Nullable String topicId;
    private boolean stopping;
    private long nextRound;
    private volatile long lag;

    /**
     * One a process.
     *
     * @param ingested the partitions that the process ingests, which are left out; null if it does not ingest
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public ReadOnlyIngestVerticle(
            KafkaConfig kafka,
            IngestConfig config,
            HeartRateConfig heartRate,
            ProcessResources resources,
            @Nullable IngestedPartitions ingested) {
        this.kafka = kafka;
        this.config = config;
        this.heartRateConfig = heartRate;
        this.resources = resources;
        this.ingested = ingested;
        recovery = new Recovery(resources.pool());
        partitions = new PartitionSet(kafka.topic(), resources.clock());
    }

    @Override
    public Future<?> start() {
        Gauge.builder("deloton.live.follow.lag.records", () -> lag)
                .description("Records in the topic that the live view has not seen yet")
                .register(resources.registry());
        resources.readiness().register("follow", check -> context.runOnContext(v -> check.tryComplete(status())));
        IngestBatch.registerCodec(vertx.eventBus());
        Map<String, String> settings = ConsumerSettings.withoutGroup(kafka);
        // The processes that ingest count the same records, readings and alerts.
        MeterRegistry uncounted = new CompositeMeterRegistry();
        HeartRatePolicy policy = HeartRateMonitor.policy(heartRateConfig);
        heartRate = new HeartRateMonitor(
                vertx,
                resources.pool(),
                policy,
                HeartRateMonitor.maxima(heartRateConfig, vertx, resources.pool()),
                new AlertWriter(uncounted, policy),
                IngestTraces.off(),
                uncounted);
        tools = new PartitionTools(
                new LineParser(),
                new IngestMeters(uncounted),
                events,
                heartRate,
                growth,
                config.maxStreamsPerPartition());
        faultTolerant = new FaultTolerantConsumer(settings);
        consumer = KafkaConsumer.create(vertx, faultTolerant);
        monitor = new TopicMonitor(vertx, settings, kafka.topic());
        polls = new PollLoop(vertx, consumer, this::accept);
        vertx.setPeriodic(HOUSEKEEPING_INTERVAL.toMillis(), t -> failIfHung());
        return heartRate.start().onSuccess(v -> {
            if (ingested == null) {
                keepHouse();
            } else {
                nextHousekeeping(FIRST_ASSIGNMENT);
                ingested.onChange(() -> context.runOnContext(changed -> assignmentChanged()));
            }
        });
    }

    private boolean isIngested(int number) {
        return ingested != null && ingested.contains(number);
    }

    private void assignmentChanged() {
        leaveIngested();
        if (vertx.cancelTimer(nextRound)) {
            nextHousekeeping(AFTER_CHANGE);
        }
    }

    /** The consumer stays assigned to them, paused: it cannot poll without a partition. */
    private void leaveIngested() {
        for (int number : partitions.numbers()) {
            if (isIngested(number)) {
                partitions.remove(number);
                consumer.pause(partitions.name(number));
                LOG.info("No longer following {}-{}, which this process ingests", kafka.topic(), number);
            }
        }
        unreadable.keySet().removeIf(this::isIngested);
        ofFormerTopic.removeIf(this::isIngested);
    }

    private void failIfHung() {
        String fatal = polls.fatalReason();
        if (fatal != null) {
            resources.lifecycle().fail("follow: " + fatal);
        }
    }

    private void accept(ConsumerRecords<byte[], byte[]> polled) {
        faultTolerant.takeReadFailures().forEach(this::readFailed);
        partitions.accept(polled, (number, bug) -> leaveOut(number, bug.toString(), bug));
        publish();
    }

    private void publish() {
        partitions.all().forEach(Partition::discardBatch);
        heartRate.discardPending();
        IngestBatch.publishFollowed(vertx.eventBus(), events);
    }

    private void readFailed(int number, ReadFailure failure) {
        leaveOut(number, failure.text(), failure.cause());
        if (failure.isProcessFault()) {
            resources.lifecycle().fail("follow: " + unreadable.get(number));
        }
    }

    /** Until the next housekeeping, which restores the partition from the warehouse. */
    private void leaveOut(int number, String reason, Throwable failure) {
        partitions.remove(number);
        String text = "%s-%d cannot be read: %s".formatted(kafka.topic(), number, reason);
        if (!text.equals(unreadable.put(number, text))) {
            LOG.error("{}; the other partitions are read", text, failure);
        }
    }

    /** The next round begins when this one has ended. */
    private void keepHouse() {
        if (stopping) {
            return;
        }
        monitor.snapshot()
                .compose(snapshot -> followMissing(snapshot).map(snapshot))
                .onSuccess(snapshot -> {
                    faults.succeeded();
                    partitions.abandonSilent(config.abandonAfter(), snapshot);
                    publish();
                    lag = lag(snapshot);
                    boolean complete = snapshot.partitions().keySet().stream()
                            .allMatch(number -> isIngested(number) || partitions.get(number) != null);
                    nextHousekeeping(complete ? HOUSEKEEPING_INTERVAL : RETRY_DELAY);
                })
                .onFailure(failure -> {
                    faults.failed("cannot follow the topic: " + failure.getMessage(), failure);
                    nextHousekeeping(RETRY_DELAY);
                });
    }

    private void nextHousekeeping(Duration delay) {
        nextRound = vertx.setTimer(delay.toMillis(), t -> keepHouse());
    }

    private Future<Void> followMissing(Snapshot snapshot) {
        if (topicId != null && !topicId.equals(snapshot.topicId())) {
            LOG.error("The topic {} was deleted and created again", kafka.topic());
            partitions.numbers().forEach(partitions::remove);
        }
        topicId = snapshot.topicId();
        growth.observe(snapshot.count());
        if (partitions.all().stream().anyMatch(partition -> partition.heldRecords() > 0)) {
            // The processes that ingest decide in which partition a ride continues.
            partitions.numbers().forEach(partitions::remove);
        }
        List<Future<Optional<Start>>> starts = snapshot.partitions().entrySet().stream()
                .filter(entry -> partitions.get(entry.getKey()) == null && !isIngested(entry.getKey()))
                .map(entry -> start(entry.getKey(), entry.getValue(), snapshot.topicId()))
                .toList();
        return starts.isEmpty()
                ? Future.succeededFuture()
                : Future.all(starts)
                        .compose(found -> assign(found.<Optional<Start>>list().stream()
                                .flatMap(Optional::stream)
                                .toList()));
    }

    private record Start(int partition, Recovery.State state, long readFrom) {}

    /** Empty for a partition that is not ingested, or whose stored position belongs to another topic of that name. */
    private Future<Optional<Start>> start(int number, Offsets offsets, String id) {
        return recovery.find(kafka.topic(), number).map(state -> {
            boolean ours =
                    state != null && (state.topicId() == null || state.topicId().equals(id));
            if (state == null || ours) {
                ofFormerTopic.remove(number);
            } else {
                ofFormerTopic.add(number);
            }
            if (state == null || !ours || state.position().nextOffset() > offsets.end()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Start(number, state, Math.max(state.position().nextOffset(), offsets.beginning())));
        });
    }

    private Future<Void> assign(List<Start> starts) {
        if (starts.isEmpty()) {
            return Future.succeededFuture();
        }
        Set<TopicPartition> added = new HashSet<>();
        starts.forEach(start -> added.add(partitions.name(start.partition())));
        Set<TopicPartition> all = new HashSet<>(partitions.names());
        all.addAll(added);
        Future<Void> placed = consumer.assign(all);
        for (Start start : starts) {
            placed = placed.compose(v -> consumer.seek(partitions.name(start.partition()), start.readFrom()));
        }
        return placed.compose(v -> {
            starts.forEach(this::follow);
            leaveIngested();
            added.removeIf(name -> isIngested(name.getPartition()));
            return consumer.resume(added);
        });
    }

    private void follow(Start start) {
        int number = start.partition();
        Recovery.State state = start.state();
        partitions.put(number, new Partition(number, start.readFrom(), state, tools));
        LOG.info(
                "Following {}-{} from offset {}, {} open rides",
                kafka.topic(),
                number,
                start.readFrom(),
                state.open().size());
        if (!polls.isRunning()) {
            polls.start();
        }
    }

    private long lag(Snapshot snapshot) {
        long behind = 0;
        for (int number : partitions.numbers()) {
            Partition partition = partitions.get(number);
            Offsets offsets = snapshot.partitions().get(number);
            if (partition != null && offsets != null) {
                behind += Math.max(0, offsets.end() - partition.nextOffset());
                if (partition.nextOffset() > partition.restoredOffset()) {
                    unreadable.remove(number);
                }
            }
        }
        return behind;
    }

    private Status status() {
        String unread = unreadable.isEmpty() ? null : String.join("; ", unreadable.values());
        String former = ofFormerTopic.isEmpty()
                ? null
                : "the topic was deleted and created again: the positions of partitions %s belong to the former one; see the command position"
                        .formatted(ofFormerTopic);
        String reason = Stream.of(polls.failureReason(), faults.reason(), former, unread, monitor.failureReason())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        JsonObject data =
                new JsonObject().put("partitions", partitions.numbers()).put("lag", lag);
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        return polls.stop()
                .eventually(() -> Future.any(
                        Future.join(consumer.close(), monitor.close()), vertx.timer(CLOSE_TIMEOUT.toMillis())));
    }
}
