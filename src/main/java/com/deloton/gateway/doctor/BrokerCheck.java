package com.deloton.gateway.doctor;

import com.deloton.gateway.config.IngestConfig;
import com.deloton.gateway.config.KafkaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The brokers answer, and the topics have the partitions and the retention that the gateway needs.
 *
 * @param fleetTopic the topic of the fleet's state, or null
 */
record BrokerCheck(
        KafkaConfig kafka, IngestConfig ingest, @Nullable String fleetTopic) implements Callable<List<Finding>> {
    private static final Duration USUAL_RETENTION = Duration.ofDays(1);

    @Override
    public List<Finding> call() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (Admin admin = Kafka.admin(kafka)) {
            int brokers = Kafka.get(admin.describeCluster().nodes()).size();
            findings.add(Finding.ok("broker", "%s, %d in the cluster".formatted(kafka.bootstrapServers(), brokers)));
            topic(admin, findings);
            if (fleetTopic != null) {
                findings.add(fleetTopic(admin, fleetTopic));
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            findings.add(Finding.fail(
                    "broker",
                    "%s does not answer: %s; check kafka.bootstrap-servers and kafka.properties"
                            .formatted(kafka.bootstrapServers(), Doctor.reason(e))));
        }
        return findings;
    }

    private void topic(Admin admin, List<Finding> findings)
            throws InterruptedException, ExecutionException, TimeoutException {
        int partitions;
        try {
            partitions = Kafka.partitions(admin, kafka.topic());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                findings.add(Finding.fail(
                        "topic", "%s does not exist; create it with the command topics".formatted(kafka.topic())));
                return;
            }
            throw e;
        }
        findings.add(
                partitions < ingest.instances()
                        ? Finding.warn(
                                "topic",
                                "%s has %d partitions, fewer than ingest.instances (%d); the rest is idle"
                                        .formatted(kafka.topic(), partitions, ingest.instances()))
                        : Finding.ok("topic", "%s has %d partitions".formatted(kafka.topic(), partitions)));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, kafka.topic());
        Config config =
                Kafka.get(admin.describeConfigs(List.of(resource)).all()).get(resource);
        findings.add(retention(Objects.requireNonNull(config), ingest.abandonAfter()));
    }

    private static Finding fleetTopic(Admin admin, String name)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return Finding.ok("fleet-topic", "%s has %d partitions".formatted(name, Kafka.partitions(admin, name)));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Finding.fail(
                        "fleet-topic", "%s does not exist; create it with the command topics".formatted(name));
            }
            throw e;
        }
    }

    /** Package-private for tests. */
    static Finding retention(Config topic, Duration abandonAfter) {
        if (value(topic, "cleanup.policy").contains("compact")) {
            return Finding.fail(
                    "retention",
                    "cleanup.policy is %s, which deletes readings that have a successor; set cleanup.policy=delete"
                            .formatted(value(topic, "cleanup.policy")));
        }
        long millis = Long.parseLong(value(topic, "retention.ms"));
        if (millis < 0) {
            return Finding.ok("retention", "retention.ms is unlimited");
        }
        Duration retention = Duration.ofMillis(millis);
        if (retention.compareTo(abandonAfter) < 0) {
            return Finding.fail(
                    "retention",
                    "retention.ms is %s, shorter than ingest.abandon-after (%s): records can be deleted before a restart"
                                    .formatted(text(retention), text(abandonAfter))
                            + " reads them again; set retention.ms to a day or more");
        }
        return retention.compareTo(USUAL_RETENTION) < 0
                ? Finding.warn(
                        "retention",
                        "retention.ms is %s: a longer outage of the gateway loses records; set it to a day or more"
                                .formatted(text(retention)))
                : Finding.ok("retention", "retention.ms is " + text(retention));
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "-1" : entry.value();
    }

    private static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
