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

/** {@code replay}: sends captures of the stream to Kafka, to the byte. Reads a line at a time. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Sends each line of the files to Kafka as the value of a record, byte for byte without the line feed.",
            "Empty lines are skipped. Waits for a broker that is away."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all was sent",
            "1:a file broke off or some records could not be sent",
            "2:an argument is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  replay capture.jsonl",
            "  replay --speed 10 --key SN0000 monday.jsonl tuesday.jsonl",
            "  replay --rate 500 --bootstrap broker:9093 --producer-config client.properties capture.jsonl"
        })
public final class ReplayCommand extends SendingCommand {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Captures, one record value a line; sent in order.")
    private List<Path> files = List.of();

    @Option(names = "--key", description = "Key of all records: names the bike stream (default: the file's name).")
    private @Nullable String key;

    @ArgGroup
    private @Nullable Pacing pacing;

    private long offered;
    private Instant begun = Instant.EPOCH;
    private Instant reported = Instant.EPOCH;

    /** How fast to go; as fast as possible if there is none. */
    private static final class Pacing {
        @Option(
                names = "--speed",
                paramLabel = "X",
                description = "X times real time by the timestamps in the lines; gaps of over an hour are cut.")
        private @Nullable Double speed;

        @Option(names = "--rate", paramLabel = "N", description = "N messages a second.")
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
        Double speed = pacing == null ? null : above0("--speed", pacing.speed);
        Double rate = pacing == null ? null : above0("--rate", pacing.rate);
        files.forEach(this::requireReadable);
        begun = clock.instant();
        reported = begun;
        boolean whole = true;
        try (KafkaSender outlet = outlet()) {
            connect(outlet::connect);
            for (Path file : files) {
                whole = whole && replay(file, speed, rate, outlet);
            }
            outlet.flush();
            summary(outlet.sent(), outlet.failed(), begun);
            return whole && outlet.failed() == 0 ? 0 : 1;
        }
    }

    private boolean replay(Path file, @Nullable Double speed, @Nullable Double rate, KafkaSender outlet) {
        String name = key == null ? String.valueOf(file.getFileName()) : key;
        ReplayPace pace = speed == null ? null : new ReplayPace(speed);
        Instant fileBegun = clock.instant();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (byte[] line = nextLine(in); line != null; line = nextLine(in)) {
                if (pace != null) {
                    waitUntil(fileBegun.plusNanos(pace.nextMicros(line) * 1000));
                } else if (rate != null) {
                    waitUntil(begun.plusNanos((long) (offered / rate * 1e9)));
                }
                outlet.send(name, line);
                offered++;
                progress(outlet);
            }
            return true;
        } catch (IOException e) {
            err().println(file + " broke off after " + offered + " messages: " + e);
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

    private void progress(KafkaSender outlet) {
        Instant now = clock.instant();
        if (Duration.between(reported, now).compareTo(PROGRESS) >= 0) {
            reported = now;
            progress(outlet.sent());
        }
    }

    private @Nullable Double above0(String option, @Nullable Double value) {
        if (value != null && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw wrong(option + " cannot be " + value + "; give a number above 0");
        }
        return value;
    }

    private void requireReadable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw wrong("FILE cannot be '" + file + "'; give a file that exists and can be read");
        }
    }
}
