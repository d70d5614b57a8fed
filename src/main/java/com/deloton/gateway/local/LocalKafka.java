package com.deloton.gateway.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A single-node Kafka broker (KRaft) in this JVM, on the loopback interface, with a log that survives restarts. */
public final class LocalKafka implements AutoCloseable {
    private static final int LEADER_ATTEMPTS = 200;
    private static final long LEADER_WAIT_MS = 50;
    private static final Logger LOG = LoggerFactory.getLogger(LocalKafka.class);
    private static final String HOST = "localhost";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODE = 1;
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    private static final String METADATA_LOG = "__cluster_metadata-0";

    private final KafkaRaftServer server;
    private final int port;

    private LocalKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Returns when the broker serves requests. The caller ensures that no other process uses the directory.
     *
     * @param port 0 for any free port
     */
    public static LocalKafka start(Path data, int port) {
        surviveBrokerFailure();
        int brokerPort = port == 0 ? LocalServers.freePort() : port;
        try {
            Files.createDirectories(data);
            if (!Files.exists(data.resolve("meta.properties"))) {
                format(data);
            }
            KafkaRaftServer server = new KafkaRaftServer(
                    new KafkaConfig(settings(data, brokerPort, LocalServers.freePort())), Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException e) {
                server.shutdown();
                throw e;
            }
            return new LocalKafka(server, brokerPort);
        } catch (Exception e) {
            throw new LocalServers.StartException("Kafka failed to start: " + e.getMessage(), e);
        }
    }

    /** The value of {@code bootstrap.servers} for clients. */
    public String bootstrap() {
        return HOST + ":" + port;
    }

    /**
     * Creates the topic unless it exists; an existing one keeps its partitions. On return a new one takes records: the
     * batches of a producer that is ahead of the leader's election can be accepted out of order and then be refused for good.
     */
    public void createTopic(String name, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
            awaitLeaders(admin, name, partitions);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("cannot create topic " + name, e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic " + name, e);
        }
    }

    /** The broker may create a topic before it knows its partitions. */
    private static void awaitLeaders(Admin admin, String topic, int partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(topic, partition), partition -> OffsetSpec.latest()));
        for (int attempt = 1; ; attempt++) {
            try {
                admin.listOffsets(ends).all().get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || attempt == LEADER_ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(LEADER_WAIT_MS);
            }
        }
    }

    /** Flushes the log and stops the broker. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Kafka exits the JVM when a broker fails; here that would also stop the database and the mailbox. */
    private static void surviveBrokerFailure() {
        Exit.setExitProcedure(LocalKafka::brokerFailed);
        Exit.setHaltProcedure(LocalKafka::brokerFailed);
    }

    private static void brokerFailed(int status, String message) {
        LOG.error("the Kafka broker failed (status {}): {}", status, message);
        throw new IllegalStateException("the Kafka broker failed: " + message);
    }

    private static void format(Path data) throws Exception {
        try (PrintStream quiet = new PrintStream(OutputStream.nullOutputStream())) {
            new Formatter()
                    .setPrintStream(quiet)
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw new IOException("cannot format " + data, e);
        }
    }

    private static Map<String, String> settings(Path data, int port, int controllerPort) {
        boolean killed = !Files.exists(data.resolve(CLEAN_SHUTDOWN)) && Files.exists(data.resolve(METADATA_LOG));
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("log.dirs", data.toString()),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("controller.quorum.voters", "%d@%s:%d".formatted(NODE, LOOPBACK, controllerPort)),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(LOOPBACK, port, LOOPBACK, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port),
                Map.entry("auto.create.topics.enable", "false"),
                // A single node has no replicas.
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // Lets a gateway choose how soon others take over from it after a kill; 6 s by default.
                Map.entry("group.min.session.timeout.ms", "1000"),
                Map.entry("controller.quorum.election.timeout.ms", "100"),
                Map.entry("controller.quorum.election.backoff.max.ms", "100"),
                // Long, for a starved CPU; short after a kill, since the new broker waits for the old session to
                // expire.
                Map.entry("broker.session.timeout.ms", killed ? "2000" : "60000"),
                Map.entry("broker.heartbeat.interval.ms", killed ? "500" : "2000"),
                // The defaults reserve 128 MB of heap for the log cleaner alone.
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                Map.entry("log.cleaner.io.buffer.size", "65536"),
                Map.entry("log.index.size.max.bytes", "1048576"),
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("background.threads", "2"));
    }
}
