package com.deloton.gateway.simulate;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}: sends captures of the stream to Kafka, byte for byte. Reads one line at a time. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Sends each line of the files to Kafka as the value of a record, byte for byte without the line feed.",
            "Empty lines are skipped. Waits while the broker is unavailable."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all records were sent",
            "1:a file could not be read to its end, or records could not be sent",
            "2:an argument is not valid"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  replay capture.jsonl",
            "  replay --speed 10 --key SN0000 monday.jsonl tuesday.jsonl",
            "  replay --rate 500 --bootstrap broker:9093 --producer-config client.properties capture.jsonl"
        })
public final class ReplayCommand extends SendingCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Captures with one record value per line; sent in order.")
    private List<Path> files = List.of();

    @Option(names = "--key", description = "Key of all records, which identifies the bike (default: the file's name).")
    private @Nullable String key;

    @ArgGroup
    private @Nullable Pacing pacing;

    private long handedOver;
    private Instant begun = Instant.EPOCH;
    private Instant reported = Instant.EPOCH;

    /** The rate; as fast as possible without it. */
    private static final class Pacing {
        @Option(
                names = "--speed",
                paramLabel = "X",
                description = "X times real time, by the timestamps in the lines; gaps of over an hour are skipped.")
        private @Nullable Double speed;

        @Option(names = "--rate", paramLabel = "N", description = "N records per second.")
        private @Nullable Double rate;
    }

    public ReplayCommand() {
        this(InstantSource.system(), KafkaProducer::new);
    }

    ReplayCommand(InstantSource clock, Function<Map<String, Object>, Producer<String, byte[]>> connector) {
        super(clock, connector);
    }

    @Override
    public Integer call() {
        Double speed = pacing == null ? null : positive("--speed", pacing.speed);
        Double rate = pacing == null ? null : positive("--rate", pacing.rate);
        files.forEach(this::requireReadable);
        begun = clock.instant();
        reported = begun;
        boolean complete = true;
        try (KafkaSender sender = sender()) {
            connect(sender::connect);
            for (Path file : files) {
                complete = complete && replay(file, speed, rate, sender);
            }
            sender.flush();
            summary(sender.sent(), sender.failed(), begun);
            return complete && sender.failed() == 0 ? 0 : 1;
        }
    }

    private boolean replay(Path file, @Nullable Double speed, @Nullable Double rate, KafkaSender sender) {
        String name = key == null ? String.valueOf(file.getFileName()) : key;
        ReplayPace pace = speed == null ? null : new ReplayPace(speed);
        Instant fileBegun = clock.instant();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (byte[] line = nextLine(in); line != null; line = nextLine(in)) {
                if (pace != null) {
                    waitUntil(fileBegun.plusNanos(pace.nextMicros(line) * 1000));
                } else if (rate != null) {
                    waitUntil(begun.plusNanos((long) (handedOver / rate * 1e9)));
                }
                sender.send(name, line);
                handedOver++;
                progress(sender);
            }
            return true;
        } catch (IOException e) {
            err().println("%s could not be read to its end, %d records were sent: %s".formatted(file, handedOver, e));
            return false;
        }
    }

    /** The next line that is not empty, without its line feed; null at the end. */
    static byte @Nullable [] nextLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                line.write(b);
            } else if (line.size() > 0) {
                return line.toByteArray();
            }
        }
        return line.size() > 0 ? line.toByteArray() : null;
    }

    private void waitUntil(Instant due) {
        for (Duration left = Duration.between(clock.instant(), due);
                left.isPositive();
                left = Duration.between(clock.instant(), due)) {
            LockSupport.parkNanos(this, Math.min(left.toNanos(), 1_000_000_000L));
        }
    }

    private void progress(KafkaSender sender) {
        Instant now = clock.instant();
        if (Duration.between(reported, now).compareTo(PROGRESS_INTERVAL) >= 0) {
            reported = now;
            progress(sender.sent());
        }
    }

    private @Nullable Double positive(String option, @Nullable Double value) {
        if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw invalid(option + " " + value + " is not valid; expected a number above 0");
        }
        return value;
    }

    private void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw invalid("FILE '" + file + "' cannot be read; expected an existing, readable file");
        }
    }
}
