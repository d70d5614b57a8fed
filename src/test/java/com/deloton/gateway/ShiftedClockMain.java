package com.deloton.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import picocli.CommandLine;

/**
 * {@code serve} with a clock that can be set while it runs. The system property {@link #FILE} names a file that holds the
 * difference to the machine's clock, such as {@code PT10M} or {@code -PT24H}.
 */
public final class ShiftedClockMain {
    public static final String FILE = "shifted.clock.file";

    private static final Duration REFRESH = Duration.ofMillis(100);

    private ShiftedClockMain() {}

    /** Reads the file at most once per {@link #REFRESH}. */
    private static final class ShiftedClock implements InstantSource {
        private final Path file = Path.of(System.getProperty(FILE));
        private long readAt = System.nanoTime() - REFRESH.toNanos();
        private Duration shift = Duration.ZERO;

        @Override
        public synchronized Instant instant() {
            long now = System.nanoTime();
            if (now - readAt >= REFRESH.toNanos()) {
                readAt = now;
                shift = read();
            }
            return InstantSource.system().instant().plus(shift);
        }

        private Duration read() {
            try {
                String text = Files.readString(file);
                return text.isEmpty() ? shift : Duration.parse(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ServeCommand(new ShiftedClock())).execute(arguments));
    }
}
