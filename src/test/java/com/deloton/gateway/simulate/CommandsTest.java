package com.deloton.gateway.simulate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.deloton.gateway.Main;
import com.deloton.gateway.simulate.model.ExpectedRide;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class CommandsTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final MockProducer<String, byte[]> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final Map<String, Object> properties = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path dir;

    @Test
    void aFleetSendsWhatIsDueAndNothingMore() {
        FleetOptions options = FleetOptions.defaults().withBikes(5).withPauseSeconds(0, 0);
        long start = NOON.getEpochSecond() * 1_000_000;
        Fleet fleet = new Fleet(options, start);
        try (FleetProducer producer = new FleetProducer(sender(), options, InstantSource.fixed(NOON), null)) {
            assertThat(producer.sendDue(fleet, start - 1)).isBetween(start, start + 500_000);
            assertThat(kafka.history()).isEmpty();
            producer.sendDue(fleet, start + 500_000);
            assertThat(kafka.history()).hasSize(5);
            long due = producer.sendDue(fleet, start + 60_500_000);
            assertThat(kafka.history()).hasSizeBetween(5 * 119, 5 * 121);
            assertThat(due).isBetween(start + 60_500_001, start + 61_000_100);
        }
    }

    @Test
    void aFleetAtFullSpeedSendsAllItsMessagesAndKeepsTheLedger() throws InterruptedException {
        List<ExpectedRide> ledger = new ArrayList<>();
        FleetOptions options = FleetOptions.defaults()
                .withRideSeconds(20, 20)
                .withSpeed(Double.POSITIVE_INFINITY)
                .withMessages(2000);
        FleetProducer producer = new FleetProducer(sender(), options, InstantSource.fixed(NOON), ledger::add);
        producer.start();
        assertThat(producer.awaitEnd(Duration.ofSeconds(30))).isTrue();
        producer.close();
        assertThat(producer.sent()).isEqualTo(2000);
        assertThat(producer.failed()).isZero();
        assertThat(ledger).hasSizeGreaterThan(40);
    }

    @Test
    void aFleetInRealTimeStandsStillWithItsClockAndStopsWhenClosed() {
        List<ExpectedRide> ledger = new ArrayList<>();
        FleetProducer producer =
                new FleetProducer(sender(), FleetOptions.defaults(), InstantSource.fixed(NOON), ledger::add);
        producer.start();
        producer.close();
        assertThat(producer.sent()).isZero();
        assertThat(ledger).isEmpty();
        assertThat(kafka.closed()).isTrue();
    }

    @Test
    void aSenderRetriesWhileTheNameDoesNotResolveButNotAnInvalidProperty() {
        List<RuntimeException> faults = new ArrayList<>();
        faults.add(new KafkaException(
                "x", new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")));
        faults.add(new KafkaException("x", new ConfigException("Invalid value -7 for acks")));
        KafkaSender sender = new KafkaSender(Map.of(), "deloton", given -> {
            throw faults.removeFirst();
        });
        assertThat(sender.connect()).isFalse();
        assertThatThrownBy(sender::connect).hasRootCauseMessage("Invalid value -7 for acks");
    }

    @Test
    void aSenderLogsOneLineWhileItWaitsForTheTopic() {
        CountDownLatch waiting = new CountDownLatch(1);
        ListAppender<ILoggingEvent> log = new ListAppender<>() {
            @Override
            protected void append(ILoggingEvent event) {
                super.append(event);
                waiting.countDown();
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger(KafkaSender.class);
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
        MockProducer<String, byte[]> slow =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                    @Override
                    public List<PartitionInfo> partitionsFor(String topic) {
                        try {
                            assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return List.of();
                    }
                };
        try {
            KafkaSender sender = new KafkaSender(
                    Map.of("bootstrap.servers", "broker:9092"), "rides", given -> slow, Duration.ofMillis(1));
            sender.send("a", new byte[1]);
            sender.send("a", new byte[1]);

            assertThat(sender.sent()).isEqualTo(2);
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("waiting for Kafka at broker:9092 and its topic rides");
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
    }

    @Test
    void recordsThatFailAreCounted() {
        MockProducer<String, byte[]> manual =
                new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
        KafkaSender sender = new KafkaSender(Map.of(), "deloton", given -> manual);
        sender.send("a", new byte[1]);
        sender.send("a", new byte[1]);
        manual.completeNext();
        manual.errorNext(new IllegalStateException("gone"));
        assertThat(sender.sent()).isEqualTo(1);
        assertThat(sender.failed()).isEqualTo(1);
    }

    @Test
    void simulateSendsAndWritesItsLedger() throws Exception {
        Path ledger = dir.resolve("said.jsonl");
        int exit = simulate(
                "--bikes",
                "2",
                "--messages",
                "300",
                "--speed",
                "max",
                "--ride-seconds",
                "10",
                "--topic",
                "t",
                "--ledger",
                ledger.toString(),
                "--property",
                "linger.ms=50",
                "--bootstrap",
                "kafka:9093");
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(out.toString()).contains("300 records sent, 0 failed, in 0.0 s");
        assertThat(kafka.history())
                .hasSize(300)
                .allSatisfy(record -> assertThat(record.topic()).isEqualTo("t"));
        assertThat(Files.readAllLines(ledger).stream().map(ExpectedRide::fromJson))
                .hasSizeGreaterThan(10);
        assertThat(properties)
                .containsEntry("bootstrap.servers", "kafka:9093")
                .containsEntry("linger.ms", "50")
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("compression.type", "lz4");
    }

    @Test
    void replaySendsEachLineToTheByteAndSkipsEmptyOnes() throws Exception {
        Path file = dir.resolve("capture.jsonl");
        Files.write(file, "{\"log\": \"a\\n\"}\n\n\u00ff\u00fe bad\r\nlast without end".getBytes(ISO_8859_1));
        assertThat(replay(file.toString())).isZero();
        assertThat(kafka.history().stream().map(ProducerRecord::key)).containsOnly("capture.jsonl");
        assertThat(kafka.history().stream().map(record -> new String(record.value(), ISO_8859_1)))
                .containsExactly("{\"log\": \"a\\n\"}", "\u00ff\u00fe bad\r", "last without end");
        assertThat(out.toString()).contains("3 records sent, 0 failed, in 0.0 s");
    }

    @Test
    void replayTakesItsPropertiesFromAFileAndTheKeyFromTheCommandLine() throws Exception {
        Path config =
                Files.writeString(dir.resolve("client.properties"), "bootstrap.servers=b:1\nsasl.mechanism=PLAIN\n");
        Path file = Files.writeString(dir.resolve("x"), "one\n");
        assertThat(replay("--producer-config", config.toString(), "--key", "SN0042", file.toString()))
                .isZero();
        assertThat(properties).containsEntry("bootstrap.servers", "b:1").containsEntry("sasl.mechanism", "PLAIN");
        assertThat(kafka.history().getFirst().key()).isEqualTo("SN0042");
    }

    @Test
    void replayIsPacedByTheTimestampsAndCutsLongGaps() {
        ReplayPace pace = new ReplayPace(10);
        assertThat(pace.nextMicros(line("--------- beginning of main"))).isZero();
        assertThat(pace.nextMicros(line("2022-11-03 18:42:00 mendoza v9: x"))).isZero();
        assertThat(pace.nextMicros(line("2022-11-03 18:42:00.500000 mendoza v9: x")))
                .isEqualTo(50_000);
        assertThat(pace.nextMicros(line("no time"))).isEqualTo(50_000);
        assertThat(pace.nextMicros(line("2022-11-03 18:41:00 mendoza v9: earlier")))
                .isEqualTo(50_000);
        assertThat(pace.nextMicros(line("2022-11-03 18:42:01 mendoza v9: x"))).isEqualTo(100_000);
        assertThat(pace.nextMicros(line("2022-13-45 18:42:01 mendoza v9: x"))).isEqualTo(100_000);
        assertThat(pace.nextMicros(line("2022-11-04 18:42:01 mendoza v9: a day on")))
                .isEqualTo(100_000);
        assertThat(pace.nextMicros(line("2022-11-04 18:42:03 mendoza v9: x"))).isEqualTo(300_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bikes 0 | --bikes 0 is not valid; expected a whole number from 1 to 100000",
                "--bikes many | Invalid value for option '--bikes': 'many' is not an int",
                "--speed slow | 'slow' is not a speed; expected realtime, max or a number above 0",
                "--speed -1 | --speed -1.0 is not valid; expected realtime, max or a number above 0",
                "--ride-seconds 5..x | '5..x' is not a range; expected seconds, for example 520 or 306..520",
                "--dirt MUD=0.1 | but was 'MUD'",
                "--dirt EMPTY=7 | --dirt EMPTY 7.0 is not valid; expected a rate from 0 to 1",
                "--abnormal-heart-rate 1.5 | --abnormal-heart-rate 1.5 is not valid; expected a share from 0 to 1",
                "--bootstrap nowhere | --bootstrap 'nowhere' is not valid; expected HOST:PORT, for example localhost:9092",
                "--producer-config /no/such | --producer-config '/no/such' cannot be read",
                "--ledger /no/such/dir | --ledger '/no/such/dir' cannot be written; expected a writable file"
            })
    void simulateNamesTheInvalidArgumentAndWhatIsExpected(String arguments, String message) {
        assertThat(simulate(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message);
        assertThat(kafka.history()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/no/such/file | FILE '/no/such/file' cannot be read; expected an existing, readable file",
                "--rate 0 pom.xml | --rate 0.0 is not valid; expected a number above 0",
                "--speed -2 pom.xml | --speed -2.0 is not valid; expected a number above 0",
                "--speed 1 --rate 1 pom.xml | mutually exclusive",
                "--key x | Missing required parameter"
            })
    void replayNamesTheInvalidArgumentAndWhatIsExpected(String arguments, String message) {
        assertThat(replay(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message);
        assertThat(kafka.history()).isEmpty();
    }

    @Test
    void aPropertyThatKafkaRejectsIsAnInvalidArgument() {
        CommandLine real = new CommandLine(new SimulateCommand()).setErr(new PrintWriter(err));
        assertThat(real.execute("--property", "acks=maybe")).isEqualTo(2);
        assertThat(err.toString())
                .contains("Kafka rejected the options: ", "acks")
                .contains("correct --bootstrap, --property or --producer-config");
    }

    @Test
    void bothCommandsHaveHelpWithExamplesAndExitCodes() {
        for (String name : List.of("simulate", "replay")) {
            CommandLine command =
                    requireNonNull(Main.commandLine().getSubcommands().get(name));
            assertThat(command.getUsageMessage()).contains("Examples:", "--bootstrap", "--topic", "Exit codes:");
        }
    }

    private KafkaSender sender() {
        return new KafkaSender(Map.of(), "deloton", given -> kafka);
    }

    private int simulate(String... arguments) {
        return run(new SimulateCommand(InstantSource.fixed(NOON), this::connect), arguments);
    }

    private int replay(String... arguments) {
        return run(new ReplayCommand(InstantSource.fixed(NOON), this::connect), arguments);
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private MockProducer<String, byte[]> connect(Map<String, Object> given) {
        properties.putAll(given);
        return kafka;
    }

    private static byte[] line(String log) {
        return ("{\"log\": \"" + log + " \\n\"}").getBytes(UTF_8);
    }
}
