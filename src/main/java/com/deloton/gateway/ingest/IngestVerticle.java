package com.deloton.gateway.ingest;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic, makes rides and readings of it, and keeps the warehouse up to date, each record exactly once.
 * Scales by instances and processes, up to the number of partitions.
 */
public final class IngestVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration COMMIT = Duration.ofSeconds(5);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration LEAVE = Duration.ofSeconds(3);
    private static final int DAYS_AHEAD = 7;

    private final KafkaConfig kafka;
    private final IngestConfig config;
    private final HeartRateConfig heartRate;
    private final Pool pool;
    private final MeterRegistry registry;
    private final HealthChecks ready;
    private final InstantSource clock;

    private final List<IngestBatch.Event> events = new ArrayList<>();
    private final Map<Integer, Long> commitable = new HashMap<>();
    private final Promise<Void> pollingEnded = Promise.promise();
    private IngestMeters meters;
    private Checkpoint checkpoint;
    private HeartRateMonitor hearts;
    private GroupCommit commits;
    private Assignment assignment;
    private KafkaConsumer<String, byte[]> consumer;
    private MultiGauge lagGauge;
    private Map<Integer, Long> lag = Map.of();
    private boolean congested;
    private boolean stopping;
    private boolean polling;
    private long lastProgress = System.nanoTime();
    private @Nullable String trouble;

    /**
     * One of the instances that share the topic.
     *
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public IngestVerticle(
            KafkaConfig kafka, IngestConfig config, HeartRateConfig heartRate, ProcessResources resources) {
        this.kafka = kafka;
        this.config = config;
        this.heartRate = heartRate;
        this.pool = resources.pool();
        this.registry = resources.registry();
        this.ready = resources.readiness();
        this.clock = resources.clock();
    }

    @Override
    public Future<?> start() {
        int instance = INSTANCES.incrementAndGet();
        meters = new IngestMeters(registry);
        lagGauge = MultiGauge.builder("deloton.ingest.lag.records")
                .description("Records in the topic that are not in the warehouse yet")
                .register(registry);
        Gauge.builder("deloton.ingest.open.rides", () -> assignment.openRides())
                .tag("instance", String.valueOf(instance))
                .register(registry);
        Gauge.builder("deloton.ingest.buffered.records", () -> assignment.buffered())
                .tag("instance", String.valueOf(instance))
                .register(registry);
        IngestBatch.registerCodec(vertx.eventBus());
        HeartRatePolicy policy = HeartRateMonitor.policy(heartRate);
        AlertWriter episodes = new AlertWriter(registry, policy);
        hearts = new HeartRateMonitor(vertx, pool, policy, episodes, registry);
        checkpoint = new Checkpoint(pool, episodes);
        consumer = KafkaConsumer.create(vertx, ConsumerSettings.of(kafka, instance));
        assignment = new Assignment(vertx, consumer, kafka.topic(), new Recovery(pool), meters, events, hearts);
        commits = new GroupCommit(
                vertx, checkpoint, meters, config.flushInterval(), assignment::take, this::written, assignment::fenced);
        ready.register("ingest-" + instance, health -> context.runOnContext(v -> health.complete(status())));
        return hearts.start().compose(v -> consumer.subscribe(kafka.topic())).onSuccess(v -> {
            polling = true;
            commits.start();
            vertx.setPeriodic(HOUSEKEEPING_INTERVAL.toMillis(), t -> refreshLag());
            vertx.setPeriodic(COMMIT.toMillis(), t -> commitToKafka());
            poll();
        });
    }

    private void poll() {
        if (stopping) {
            pollingEnded.complete();
            return;
        }
        consumer.poll(POLL)
                .onSuccess(polled -> {
                    trouble = null;
                    take(polled.records());
                    hearts.store();
                    balanceLoad();
                    poll();
                })
                .onFailure(failure -> {
                    report("cannot read from Kafka: " + failure.getMessage(), failure);
                    vertx.setTimer(1_000, t -> poll());
                });
    }

    private void take(ConsumerRecords<String, byte[]> records) {
        int taken = 0;
        for (TopicPartition topicPartition : records.partitions()) {
            Partition partition = assignment.owned(topicPartition.partition());
            if (partition != null) {
                taken += take(partition, topicPartition, records.records(topicPartition));
            }
        }
        if (taken > 0) {
            meters.records(taken);
            lastProgress = System.nanoTime();
        }
        IngestBatch.publish(vertx.eventBus(), events);
    }

    private int take(Partition partition, TopicPartition name, List<ConsumerRecord<String, byte[]>> records) {
        try {
            for (ConsumerRecord<String, byte[]> record : records) {
                partition.accept(record);
            }
            return records.size();
        } catch (RuntimeException bug) {
            report("cannot take in %s at offset %d: %s".formatted(name, partition.nextOffset() - 1, bug), bug);
            assignment.retake(name.partition());
            return 0;
        }
    }

    /** Stops reading while more has gathered than the buffer holds, and goes on when half of it is stored. */
    private void balanceLoad() {
        int buffered = assignment.buffered();
        if (!congested && buffered >= config.maxBufferedRecords()) {
            congested = true;
            assignment.pause();
        } else if (congested && buffered <= config.maxBufferedRecords() / 2) {
            congested = false;
            assignment.resume();
        }
        if (buffered >= config.maxBufferedRecords() / 8) {
            commits.flushNow();
        }
    }

    private void written(FlushBatch work) {
        hearts.wake(work.hearts());
        if (assignment.owned(work.partition()) != null) {
            commitable.put(work.partition(), work.toOffset());
        }
    }

    /** Kafka's own committed offsets follow the warehouse's: for lag tools, never for correctness. */
    private Future<Void> commitToKafka() {
        Map<io.vertx.kafka.client.common.TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        commitable.forEach((partition, offset) -> offsets.put(
                new io.vertx.kafka.client.common.TopicPartition(kafka.topic(), partition),
                new OffsetAndMetadata(offset, "")));
        commitable.clear();
        return offsets.isEmpty()
                ? Future.succeededFuture()
                : consumer.commit(offsets)
                        .<Void>mapEmpty()
                        .onFailure(e ->
                                LOG.info("Kafka did not take the offsets, the warehouse has them: {}", e.toString()))
                        .otherwiseEmpty()
                        .mapEmpty();
    }

    private void refreshLag() {
        assignment.endOffsets().onSuccess(ends -> {
            lag = assignment.lag(ends);
            lagGauge.register(
                    lag.entrySet().stream()
                            .map(e -> MultiGauge.Row.of(
                                    Tags.of("topic", kafka.topic(), "partition", String.valueOf(e.getKey())),
                                    e.getValue()))
                            .toList(),
                    true);
            if (!congested) {
                assignment.abandonSilent(clock.instant(), config.abandonAfter(), ends);
            }
        });
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        checkpoint
                .ensureDays(Stream.iterate(today, day -> day.plusDays(1))
                        .limit(DAYS_AHEAD)
                        .toList())
                .onFailure(e -> LOG.warn("Could not make the days' partitions ahead: {}", e.toString()));
    }

    private Status status() {
        String reason = Stream.of(trouble, assignment.trouble(), commits.trouble(), stalled())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(polling && assignment.joined() ? null : "waiting for Kafka to assign partitions");
        JsonObject data = new JsonObject()
                .put("partitions", assignment.numbers())
                .put("lag", lag.values().stream().mapToLong(Long::longValue).sum())
                .put("buffered", assignment.buffered());
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    private @Nullable String stalled() {
        boolean behind = lag.values().stream().anyMatch(records -> records > 0);
        boolean idle = System.nanoTime() - lastProgress > STALL.toNanos();
        return behind && idle ? "no record taken in for " + STALL.toSeconds() + " s though some are waiting" : null;
    }

    private void report(String text, Throwable failure) {
        if (!text.equals(trouble)) {
            LOG.error("Ingest: {}", text, failure);
        }
        trouble = text;
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        if (!polling) {
            pollingEnded.tryComplete();
        }
        return pollingEnded
                .future()
                .compose(v -> commits.drain(DRAIN))
                .compose(v -> commitToKafka())
                .eventually(this::leave);
    }

    /** Kafka's close waits half a minute for its group if that is just waiting for somebody who died. */
    private Future<Void> leave() {
        return Future.any(consumer.close(), vertx.timer(LEAVE.toMillis())).mapEmpty();
    }
}
