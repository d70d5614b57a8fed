package com.deloton.gateway.ingest;

import com.deloton.gateway.config.HeartRateConfig;
import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.ingest.FaultTolerantConsumer.ReadFailure;
import com.deloton.gateway.ingest.heartrate.AlertWriter;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.heartrate.LearntMaxima;
import com.deloton.gateway.ingest.heartrate.MaximumLearner;
import com.deloton.gateway.ingest.moved.MovedRideStore;
import com.deloton.gateway.ingest.moved.MovedRides;
import com.deloton.gateway.ingest.partition.FlushBatch;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.partition.IngestedPartitions;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.PartitionTools;
import com.deloton.gateway.ingest.partition.PositionCheck;
import com.deloton.gateway.ingest.partition.Recovery;
import com.deloton.gateway.ingest.partition.TopicGrowth;
import com.deloton.gateway.ingest.tracing.IngestTraces;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.telemetry.LineParser;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic, makes rides and readings of it, and keeps the warehouse up to date, each record exactly once.
 * Scales by instances and processes, up to the number of partitions.
 */
public final class IngestVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(5);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int DAYS_AHEAD = 7;

    private final KafkaConfig kafka;
    private final IngestConfig config;
    private final HeartRateConfig heartRateConfig;
    private final ProcessResources resources;
    private final IngestedPartitions ingested;
    private final PartitionSet partitions;
    private final IngestTraces traces;
    private final FlushPace pace;
    private final FaultLog tablePartitions = new FaultLog(LOG, "Creating the table partitions of the next days");

    private final List<IngestBatch.Event> events = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> offsetsToCommit = new HashMap<>();
    private IngestMeters meters;
    private MultiGauge lagGauge;
    private MultiGauge unreadGauge;
    private Checkpoint checkpoint;
    private HeartRateMonitor heartRate;
    private FaultTolerantConsumer faultTolerant;
    private KafkaConsumer<byte[], byte[]> consumer;
    private TopicMonitor monitor;
    private Assignment assignment;
    private MovedRides movedRides;
    private GroupCommit commits;
    private PollLoop polls;
    private IngestStatus status;
    private String name = "ingest";
    private boolean congested;

    /**
     * One of the instances that share the topic.
     *
     * @param ingested shared by the instances of this process; they keep it up to date
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public IngestVerticle(
            KafkaConfig kafka,
            IngestConfig config,
            HeartRateConfig heartRate,
            ProcessResources resources,
            IngestedPartitions ingested) {
        this.kafka = kafka;
        this.config = config;
        this.heartRateConfig = heartRate;
        this.resources = resources;
        this.ingested = ingested;
        traces = new IngestTraces(resources.tracing(), kafka.topic());
        partitions = new PartitionSet(kafka.topic(), resources.clock());
        pace = new FlushPace(config.flushInterval(), config.maxFlushInterval(), config.maxBufferedRecords());
    }

    @Override
    public Future<?> start() {
        int instance = INSTANCES.incrementAndGet();
        name = "ingest-" + instance;
        Map<String, String> settings = ConsumerSettings.of(kafka, instance);
        IngestBatch.registerCodec(vertx.eventBus());
        meters = new IngestMeters(resources.registry());
        HeartRatePolicy policy = HeartRateMonitor.policy(heartRateConfig);
        AlertWriter alerts = new AlertWriter(resources.registry(), policy);
        LearntMaxima maxima = HeartRateMonitor.maxima(heartRateConfig, vertx, resources.pool());
        heartRate = new HeartRateMonitor(vertx, resources.pool(), policy, maxima, alerts, traces, resources.registry());
        if (maxima != null) {
            new MaximumLearner(vertx, resources.pool(), policy, resources.registry()).start();
        }
        checkpoint = new Checkpoint(resources.pool(), alerts);
        faultTolerant = new FaultTolerantConsumer(settings);
        consumer = KafkaConsumer.create(vertx, faultTolerant);
        monitor = new TopicMonitor(vertx, settings, kafka.topic());
        TopicGrowth growth = new TopicGrowth(true);
        assignment = new Assignment(
                vertx,
                consumer,
                kafka.topic(),
                monitor,
                new Recovery(resources.pool()),
                new PositionCheck(resources.pool(), kafka.topic()),
                new PartitionTools(
                        new LineParser(), meters, events, heartRate, growth, config.maxStreamsPerPartition()),
                partitions,
                ingested);
        movedRides = new MovedRides(
                vertx,
                kafka.topic(),
                growth,
                new MovedRideStore(resources.pool()),
                meters,
                assignment::ends,
                new Readers());
        commits = new GroupCommit(
                vertx,
                checkpoint,
                meters,
                pace.shortest(),
                () -> pace.interval(partitions.streams(), partitions.all().size(), growth.partitions()),
                partitions::takeBatches,
                traces,
                new Outcomes());
        heartRate.onDeferred(commits::flushSoon);
        polls = new PollLoop(vertx, consumer, this::accept);
        status = new IngestStatus(polls, monitor, assignment, commits, partitions, pace);
        registerMeters(instance, resources.registry());
        resources.readiness().register(name, check -> context.runOnContext(v -> check.tryComplete(status.get())));
        return heartRate.start().compose(v -> consumer.subscribe(kafka.topic())).onSuccess(v -> {
            commits.start();
            vertx.setPeriodic(HOUSEKEEPING_INTERVAL.toMillis(), t -> keepHouse());
            vertx.setPeriodic(COMMIT_INTERVAL.toMillis(), t -> commitToKafka());
            polls.start();
        });
    }

    private void registerMeters(int instance, MeterRegistry registry) {
        String number = String.valueOf(instance);
        lagGauge = MultiGauge.builder("deloton.ingest.lag.records")
                .description("Records in the topic that are not in the warehouse yet")
                .register(registry);
        unreadGauge = MultiGauge.builder("deloton.ingest.unread.records")
                .description("Records in the topic that are not read yet, without those that wait for the next flush")
                .register(registry);
        Gauge.builder("deloton.ingest.open.rides", partitions::streams)
                .description("Bike streams in memory")
                .tag("instance", number)
                .register(registry);
        Gauge.builder("deloton.ingest.buffered.records", partitions::buffered)
                .description("Records read that wait for a flush")
                .tag("instance", number)
                .register(registry);
        Gauge.builder("deloton.ingest.oldest.unstored.seconds", status::oldestUnstoredSeconds)
                .description("Age of the oldest record that is read and not stored, in seconds")
                .tag("instance", number)
                .register(registry);
    }

    private void accept(ConsumerRecords<byte[], byte[]> polled) {
        try {
            faultTolerant.takeReadFailures().forEach(this::readFailed);
            traces.begin(polled);
            meters.records(partitions.accept(polled, assignment::handlingFailed));
        } catch (RuntimeException bug) {
            // The consumer has passed the records, which may be unused: they are read again.
            partitions.numbers().forEach(assignment::restore);
            throw bug;
        }
        IngestBatch.publish(vertx.eventBus(), events);
        heartRate.storePending();
        traces.end();
        movedRides.settle();
        balanceLoad();
    }

    private void readFailed(int partition, ReadFailure failure) {
        assignment.readFailed(partition, failure);
        if (failure.isProcessFault()) {
            resources
                    .lifecycle()
                    .fail("%s: %s-%d cannot be read: %s".formatted(name, kafka.topic(), partition, failure.text()));
        }
    }

    /** Stops reading while the buffer is full, and continues when half of it is stored. */
    private void balanceLoad() {
        int buffered = partitions.buffered();
        int quarantined = partitions.quarantined();
        int rides = partitions.streams();
        if (!congested && pace.isFull(buffered, quarantined, rides)) {
            congested = true;
            assignment.pause();
        } else if (congested && pace.isHalfEmpty(buffered, quarantined, rides)) {
            congested = false;
            assignment.resume();
        }
        if (pace.isFlushDue(buffered, quarantined, rides)) {
            commits.flushNow();
        }
    }

    private final class Readers implements MovedRides.Readers {
        @Override
        public Collection<Partition> partitions() {
            return partitions.all();
        }

        @Override
        public void outdated(int partition, long epoch) {
            assignment.outdated(partition, epoch);
        }
    }

    private final class Outcomes implements GroupCommit.Outcomes {
        @Override
        public void written(FlushBatch batch) {
            heartRate.announce(batch.heartRateEvents());
            assignment.written(batch);
            if (batch.toOffset() > batch.fromOffset()) {
                status.stored(batch.partition());
            }
            if (partitions.get(batch.partition()) != null) {
                offsetsToCommit.put(partitions.name(batch.partition()), new OffsetAndMetadata(batch.toOffset(), ""));
            }
        }

        @Override
        public void fenced(FlushBatch batch) {
            assignment.fenced(batch);
        }

        @Override
        public void rideRefused(FlushBatch batch, long rideId) {
            Partition partition = partitions.get(batch.partition());
            if (partition != null) {
                partition.dropRide(rideId);
            }
        }
    }

    /** Kafka's own committed offsets follow the warehouse's: for lag tools, never for correctness. */
    private Future<Void> commitToKafka() {
        if (offsetsToCommit.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.copyOf(offsetsToCommit);
        offsetsToCommit.clear();
        return consumer.commit(offsets)
                .<Void>mapEmpty()
                .timeout(COMMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(e -> LOG.info("Kafka did not accept the offsets, the warehouse has them: {}", e.toString()))
                .otherwiseEmpty();
    }

    private List<MultiGauge.Row<?>> rows(Map<Integer, Long> records) {
        return records.entrySet().stream()
                .<MultiGauge.Row<?>>map(e -> MultiGauge.Row.of(
                        Tags.of("topic", kafka.topic(), "partition", String.valueOf(e.getKey())), e.getValue()))
                .toList();
    }

    private void keepHouse() {
        monitor.snapshot().onSuccess(snapshot -> {
            assignment.observe(snapshot);
            movedRides.compareEpochs();
            Map<Integer, Long> lag = assignment.lag().unstored(snapshot);
            status.lag(lag);
            lagGauge.register(rows(lag), true);
            unreadGauge.register(rows(assignment.lag().unread(snapshot)), true);
            if (!congested) {
                partitions.abandonSilent(config.abandonAfter(), snapshot);
                IngestBatch.publish(vertx.eventBus(), events);
            }
        });
        LocalDate today = resources.clock().instant().atZone(ZoneOffset.UTC).toLocalDate();
        checkpoint
                .ensureDays(Stream.iterate(today, day -> day.plusDays(1))
                        .limit(DAYS_AHEAD)
                        .toList())
                .onSuccess(v -> tablePartitions.succeeded())
                .onFailure(tablePartitions::failed);
        String fatal = status.fatalReason();
        if (fatal != null) {
            resources.lifecycle().fail(name + ": " + fatal);
        }
    }

    @Override
    public Future<?> stop() {
        return polls.stop()
                .compose(v -> commits.drain(DRAIN_TIMEOUT))
                .compose(v -> commitToKafka())
                .eventually(this::leave);
    }

    /** Kafka's close waits half a minute for its group if that waits for a member that has died. */
    private Future<Void> leave() {
        return Future.any(Future.join(consumer.close(), monitor.close()), vertx.timer(CLOSE_TIMEOUT.toMillis()))
                .mapEmpty();
    }
}
