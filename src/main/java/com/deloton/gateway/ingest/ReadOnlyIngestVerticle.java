package com.deloton.gateway.ingest;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.ops.Health;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.store.Timestamps;
import com.deloton.gateway.telemetry.LineParser;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.kafka.client.common.PartitionInfo;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a process that does not ingest what all ingesting processes find out: reads all partitions outside of their
 * group, goes on from what the warehouse has, and publishes the same {@link IngestBatch}es. Writes nothing anywhere. A
 * partition that nobody has ever ingested is left alone until somebody does, since that numbers its rides.
 */
public final class ReadOnlyIngestVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyIngestVerticle.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LEAVE = Duration.ofSeconds(3);

    private final KafkaConfig kafka;
    private final IngestConfig config;
    private final HeartRateConfig heartRate;
    private final Pool pool;
    private final MeterRegistry registry;
    private final HealthChecks ready;
    private final InstantSource clock;

    private final Recovery recovery;
    private final LineParser parser = new LineParser();
    /** What is counted here was counted by those who ingest. */
    private final MeterRegistry uncounted = new CompositeMeterRegistry();

    private final IngestMeters meters = new IngestMeters(uncounted);
    private final List<IngestBatch.Event> events = new ArrayList<>();
    private final Map<Integer, Partition> followed = new TreeMap<>();
    private final Set<Integer> missing = new TreeSet<>();
    private final Promise<Void> ended = Promise.promise();
    private HeartRateMonitor hearts;
    private KafkaConsumer<String, byte[]> consumer;
    private long nextLook = System.nanoTime();
    private boolean running;
    private boolean stopping;
    private volatile long lag;
    private @Nullable String trouble;

    /**
     * A reader of the whole topic; one a process.
     *
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public ReadOnlyIngestVerticle(
            KafkaConfig kafka, IngestConfig config, HeartRateConfig heartRate, ProcessResources resources) {
        this.kafka = kafka;
        this.config = config;
        this.heartRate = heartRate;
        this.pool = resources.pool();
        this.registry = resources.registry();
        this.ready = resources.readiness();
        this.clock = resources.clock();
        recovery = new Recovery(resources.pool());
    }

    @Override
    public Future<?> start() {
        Gauge.builder("deloton.live.follow.lag.records", () -> lag)
                .description("Records in the topic that the live view has not seen yet")
                .register(registry);
        ready.register("follow", health -> context.runOnContext(v -> health.complete(status())));
        IngestBatch.registerCodec(vertx.eventBus());
        HeartRatePolicy policy = HeartRateMonitor.policy(heartRate);
        hearts = new HeartRateMonitor(vertx, pool, policy, new AlertWriter(uncounted, policy), uncounted);
        consumer = KafkaConsumer.create(vertx, ConsumerSettings.withoutGroup(kafka));
        return hearts.start().onSuccess(v -> {
            running = true;
            run();
        });
    }

    /** One round; the next begins when it has ended, so that no two touch the consumer or the partitions at once. */
    private void run() {
        if (stopping) {
            ended.complete();
            return;
        }
        refreshLag()
                .compose(v -> followed.isEmpty()
                        ? vertx.timer(RETRY.toMillis()).mapEmpty()
                        : consumer.poll(POLL).<Void>map(polled -> take(polled.records())))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        trouble = null;
                        run();
                    } else {
                        report("cannot follow the topic: " + done.cause().getMessage(), done.cause());
                        vertx.setTimer(RETRY.toMillis(), t -> run());
                    }
                });
    }

    private @Nullable Void take(ConsumerRecords<String, byte[]> records) {
        for (org.apache.kafka.common.TopicPartition name : records.partitions()) {
            Partition partition = followed.get(name.partition());
            if (partition != null) {
                take(name.partition(), partition, records.records(name));
            }
        }
        hearts.skip();
        IngestBatch.publish(vertx.eventBus(), events);
        return null;
    }

    private void take(int number, Partition partition, List<ConsumerRecord<String, byte[]>> records) {
        try {
            records.forEach(partition::accept);
            partition.skip();
        } catch (RuntimeException bug) {
            report("cannot take in %s-%d: %s".formatted(kafka.topic(), number, bug), bug);
            followed.remove(number);
        }
    }

    private Future<Void> refreshLag() {
        if (System.nanoTime() < nextLook) {
            return Future.succeededFuture();
        }
        return consumer.partitionsFor(kafka.topic())
                .compose(this::followNew)
                .compose(v -> followed.isEmpty() ? Future.succeededFuture(Map.of()) : consumer.endOffsets(names()))
                .map(ends -> {
                    abandonSilent(ends);
                    Duration pause = missing.isEmpty() ? HOUSEKEEPING_INTERVAL : RETRY;
                    nextLook = System.nanoTime() + pause.toNanos();
                    return null;
                });
    }

    private Future<Void> followNew(List<PartitionInfo> all) {
        missing.clear();
        List<Future<Optional<Start>>> starts = new ArrayList<>();
        for (PartitionInfo info : all) {
            if (!followed.containsKey(info.getPartition())) {
                missing.add(info.getPartition());
                starts.add(start(info.getPartition()));
            }
        }
        return starts.isEmpty()
                ? Future.succeededFuture()
                : Future.all(starts).compose(found -> {
                    List<Start> news = found.<Optional<Start>>list().stream()
                            .flatMap(Optional::stream)
                            .toList();
                    return news.isEmpty() ? Future.succeededFuture() : assign(news);
                });
    }

    private record Start(int partition, Recovery.State state, long readFrom) {}

    private Future<Optional<Start>> start(int partition) {
        return recovery.lookAt(kafka.topic(), partition)
                .compose(state -> state == null
                        ? Future.succeededFuture(Optional.empty())
                        : consumer.beginningOffsets(name(partition)).map(beginning -> {
                            long readFrom = Math.max(state.position().nextOffset(), beginning);
                            return Optional.of(new Start(partition, state, readFrom));
                        }));
    }

    private Future<Void> assign(List<Start> news) {
        Set<TopicPartition> all = new HashSet<>(names());
        news.forEach(start -> all.add(name(start.partition())));
        Future<Void> placed = consumer.assign(all);
        for (Start start : news) {
            placed = placed.compose(v -> consumer.seek(name(start.partition()), start.readFrom()));
        }
        return placed.onSuccess(v -> news.forEach(this::follow));
    }

    private void follow(Start start) {
        int number = start.partition();
        Recovery.State state = start.state();
        followed.put(
                number,
                new Partition(
                        number, state.position(), start.readFrom(), state.open(), parser, meters, events, hearts));
        missing.remove(number);
        LOG.info(
                "Following {}-{} from offset {}, {} open rides",
                kafka.topic(),
                number,
                start.readFrom(),
                state.open().size());
    }

    private void abandonSilent(Map<TopicPartition, Long> ends) {
        long nowMicros = Timestamps.micros(clock.instant());
        long behind = 0;
        for (Map.Entry<Integer, Partition> entry : followed.entrySet()) {
            Partition partition = entry.getValue();
            Long end = ends.get(name(entry.getKey()));
            partition.abandonSilent(nowMicros, config.abandonAfter(), end);
            partition.skip();
            behind += end == null ? 0 : Math.max(0, end - partition.nextOffset());
        }
        lag = behind;
    }

    private Set<TopicPartition> names() {
        return followed.keySet().stream().map(this::name).collect(Collectors.toSet());
    }

    private TopicPartition name(int partition) {
        return new TopicPartition(kafka.topic(), partition);
    }

    private Status status() {
        return trouble == null ? Status.OK() : Status.KO(Health.reason(trouble));
    }

    private void report(String text, Throwable failure) {
        if (!text.equals(trouble)) {
            LOG.error("Follow: {}", text, failure);
        }
        trouble = text;
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        if (!running) {
            ended.tryComplete();
        }
        return ended.future().compose(v -> Future.any(consumer.close(), vertx.timer(LEAVE.toMillis())));
    }
}
