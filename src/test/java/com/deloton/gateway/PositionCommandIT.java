package com.deloton.gateway;

import static com.deloton.gateway.testing.BikeProducer.readings;
import static com.deloton.gateway.testing.BikeProducer.ride;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.Warehouse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PositionCommandIT {
    @SuppressWarnings("TimeInStaticInitializer") // the records of one run of the tests begin there
    private static final Instant START = Instant.now().minusSeconds(600);

    private final IngestFixture fixture = new IngestFixture();
    private final Warehouse warehouse = fixture.warehouse;
    private final BikeProducer bikes = new BikeProducer(fixture.topic);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @AfterEach
    void close() throws Exception {
        bikes.close();
        fixture.close();
    }

    @Test
    void showsThePositions() throws Exception {
        fixture.start();
        bikes.send(1, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);

        assertThat(run()).isZero();
        assertThat(out.toString()).containsPattern(fixture.topic + "\\s+1\\s+14\\s");
    }

    @Test
    void aRunningGatewayContinuesFromWhereItIsMoved() throws Exception {
        fixture.start();
        bikes.send(0, "bike", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);

        assertThat(run("--partition", "0", "--skip-to", "10", "--reason", "test"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("There is no position of %s-0 below offset 10.".formatted(fixture.topic));
        bikes.send(0, "bike", ride(2, START, 5));
        warehouse.awaitRecords(fixture.topic, 28);
        fixture.renew();
        assertThat(run("--partition", "0", "--skip-to", "29", "--reason", "damaged batch"))
                .isZero();
        assertThat(out.toString()).contains("%s-0: moved from offset 28 to 29".formatted(fixture.topic));
        assertThat(warehouse.rows("SELECT action, target, detail ->> 'from', detail ->> 'reason' FROM audit"))
                .containsExactly(List.of("skip_records", "partition/" + fixture.topic + "-0", "28", "damaged batch"));
    }

    @Test
    void aTopicThatWasCreatedAgainIsReadFromItsBeginning() throws Exception {
        fixture.start();
        bikes.send(0, "before", ride(1, START, 5));
        warehouse.awaitRecords(fixture.topic, 14);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            admin.deleteTopics(List.of(fixture.topic)).all().get();
            awaitTrue(() -> !admin.listTopics().names().get().contains(fixture.topic));
            admin.createTopics(List.of(new NewTopic(fixture.topic, 3, (short) 1)))
                    .all()
                    .get();
        }
        bikes.send(0, "after", ride(2, START, 40));

        assertThat(run("--start-over", "--reason", "created again")).isZero();
        awaitTrue(() ->
                warehouse.count("SELECT count(*) FROM ride JOIN reading USING (ride_id) WHERE stream_key = 'after'")
                        == 40);
        assertThat(warehouse.rows("SELECT stream_key, status, readings FROM ride WHERE stream_key = 'before'"))
                .containsExactly(List.of("before", "abandoned", 5));
        assertThat(warehouse.count("SELECT count(*) FROM audit WHERE action = 'start_topic_over'"))
                .isEqualTo(1);
    }

    @Test
    void aPartitionOfWhichKafkaHasLostStoredRecordsIsReadOnlyAfterADecision() throws Exception {
        bikes.send(0, "before", ride(1, START, 5));
        bikes.send(1, "other", ride(2, START, 5));
        fixture.start();
        warehouse.awaitRecords(fixture.topic, 28);
        fixture.renew();
        warehouse.execute("UPDATE ingest_position SET next_offset = 24 WHERE partition = 0");
        fixture.start();
        awaitTrue(() -> reasons().contains("expected a decision, for example position --partition 0 --continue-at 14"));

        bikes.send(0, "after", ride(3, START.plusSeconds(60), 10));
        bikes.send(1, "other", readings(START, 6, 10));
        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 15);
        assertThat(run("--partition", "0", "--continue-at", "14", "--reason", "the broker lost its disk"))
                .isZero();
        assertThat(out.toString())
                .contains("%s-0: was stored up to offset 24, continues at 14".formatted(fixture.topic));
        awaitTrue(() -> warehouse.count("SELECT count(*) FROM reading") == 25);

        assertThat(warehouse.rows("SELECT stream_key, status FROM ride ORDER BY 1"))
                .containsExactly(List.of("after", "open"), List.of("before", "abandoned"), List.of("other", "open"));
        assertThat(warehouse.count("SELECT count(*) FROM audit WHERE action = 'continue_partition'"))
                .isEqualTo(1);
    }

    private String reasons() throws Exception {
        return IngestFixture.await(fixture.ready().checkStatus()).getChecks().stream()
                .map(check -> String.valueOf(check.getStatus().getData()))
                .toList()
                .toString();
    }

    @Test
    void aMoveNeedsAReason() throws Exception {
        assertThat(run("--start-over")).isEqualTo(2);
        assertThat(err.toString()).contains("a move needs --reason, for example --reason \"damaged batch\"");
    }

    private int run(String... options) throws Exception {
        TestServers.Database database = warehouse.database();
        Path yaml = Files.writeString(folder.resolve("gateway.yaml"), """
                database:
                  host: %s
                  port: %d
                  name: %s
                  user: %s
                  password: "%s"
                  ssl-mode: disable
                """.formatted(
                        database.host(), database.port(), database.name(), database.user(), database.password()));
        List<String> arguments = new ArrayList<>(List.of("--topic", fixture.topic, "--config", yaml.toString()));
        arguments.addAll(List.of(options));
        return new CommandLine(new PositionCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
