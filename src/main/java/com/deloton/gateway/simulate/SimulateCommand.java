package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.Fault;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.FileWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code simulate}: sends the stream of a simulated fleet to Kafka. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Sends the stream of a simulated fleet of bikes to Kafka. All riders' mail addresses are at"
                + " example.com. Waits while the broker is unavailable.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all records were sent", "1:some records could not be sent", "2:an argument is not valid"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  simulate --bikes 100",
            "  simulate --bikes 10000 --messages 1000000 --speed max",
            "  simulate --seed 7 --start 2026-11-24T09:00:00Z --dirt NOT_JSON=0.001,DUPLICATE=0.01 --ledger expected.jsonl"
        })
public final class SimulateCommand extends SendingCommand {
    @Mixin
    private final FleetArguments fleet = new FleetArguments(10, 0);

    @Option(names = "--messages", paramLabel = "N", description = "Stop after N records (default: never).")
    private long messages = Long.MAX_VALUE;

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description = "When the bikes start, for example 2026-11-24T09:00:00Z (default: now).")
    private @Nullable Instant start;

    @Option(
            names = {"--dirt", "--faults"},
            paramLabel = "KIND=RATE",
            split = ",",
            description = "Faults to inject and their rates, for example NOT_JSON=0.001,DUPLICATE=0.01. Kinds:"
                    + " ${COMPLETION-CANDIDATES}.",
            completionCandidates = FaultNames.class)
    private Map<Fault, Double> faults = new EnumMap<>(Fault.class);

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "Write the expected rides to FILE, one JSON object per line. Replaces an existing file.")
    private @Nullable Path ledger;

    public SimulateCommand() {
        this(InstantSource.system(), KafkaProducer::new);
    }

    SimulateCommand(InstantSource clock, Function<Map<String, Object>, Producer<String, byte[]>> connector) {
        super(clock, connector);
    }

    @Override
    public Integer call() throws Exception {
        FleetOptions options = options();
        try (LedgerFile file = ledger == null ? null : open(ledger);
                FleetProducer producer = new FleetProducer(sender(), options, clock, file)) {
            Thread onStop = new Thread(() -> stop(producer, file), "bike-fleet-stop");
            connect(producer::start);
            Runtime.getRuntime().addShutdownHook(onStop);
            report(producer);
            Runtime.getRuntime().removeShutdownHook(onStop);
            return producer.failed() == 0 ? 0 : 1;
        }
    }

    private void report(FleetProducer fleet) throws InterruptedException {
        Instant begun = clock.instant();
        while (!fleet.awaitEnd(PROGRESS_INTERVAL)) {
            progress(fleet.sent());
        }
        summary(fleet.sent(), fleet.failed(), begun);
    }

    private FleetOptions options() {
        try {
            return fleet.options(start, messages, faults);
        } catch (IllegalArgumentException e) {
            throw invalid("--" + e.getMessage(), e);
        }
    }

    private LedgerFile open(Path path) {
        try {
            return new LedgerFile(new BufferedWriter(new FileWriter(path.toFile(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw invalid("--ledger '" + path + "' cannot be written; expected a writable file", e);
        }
    }

    private static void stop(FleetProducer fleet, @Nullable LedgerFile file) {
        fleet.close();
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes through a file stream, since an interrupt would close a channel. */
    private record LedgerFile(Writer writer) implements Consumer<ExpectedRide>, Closeable {
        @Override
        public void accept(ExpectedRide ride) {
            try {
                writer.write(ride.toJson() + "\n");
                writer.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    static final class FaultNames extends ArrayList<String> {
        FaultNames() {
            for (Fault kind : Fault.values()) {
                add(kind.name());
            }
        }
    }
}
