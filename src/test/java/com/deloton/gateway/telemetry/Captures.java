package com.deloton.gateway.telemetry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Record values as they are on the wire, one a line, of invented riders. {@code -Dcaptures=DIRECTORY} adds the
 * {@code *.jsonl} files of a directory to those that must be readable.
 */
public final class Captures {
    public static final String WHOLE_RIDE = "whole-ride.jsonl";
    public static final String MID_RIDE = "mid-ride.jsonl";
    public static final String LOG_ONS = "log-ons.jsonl";
    public static final String THREE_RIDES = "three-rides.jsonl";
    public static final List<String> NAMES = List.of(WHOLE_RIDE, MID_RIDE, LOG_ONS, THREE_RIDES);

    private Captures() {}

    public static List<String> read(String name) {
        try {
            return Files.readAllLines(Path.of(requireNonNull(Captures.class.getResource("/captures/" + name))
                    .toURI()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The record values of {@code -Dcaptures}; none if it is not given. */
    static List<String> further() throws IOException {
        String directory = System.getProperty("captures");
        if (directory == null) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            List<Path> captures =
                    files.filter(file -> file.toString().endsWith(".jsonl")).toList();
            Stream.Builder<String> values = Stream.builder();
            for (Path capture : captures) {
                Files.readAllLines(capture).forEach(values);
            }
            return values.build().toList();
        }
    }
}
