package com.deloton.gateway.live;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.heartrate.Episode;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON documents sent to viewers. Values that were not measured are null. */
final class LiveJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private static final int COARSE_BPM = 10;
    private static final int SEQ_AT = "{\"seq\":".length();

    private LiveJson() {}

    /** Sums over all rides in use. */
    record Totals(
            int riding,
            int firing,
            int noSignal,
            @Nullable Integer medianHr,
            double powerW,
            double readingsPerS,
            long quarantined) {}

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private interface Column {
        void write(JsonGenerator json, LiveRide ride) throws IOException;
    }

    /** The changes since the last frame, as columns of equal length. */
    static String frame(
            long seq,
            long nowMillis,
            List<LiveRide> changed,
            List<LiveRide> started,
            List<Long> ended,
            List<LiveRide> silent) {
        return object(256 + changed.size() * 40 + started.size() * 250, json -> {
            json.writeNumberField("seq", seq);
            json.writeNumberField("at", nowMillis);
            column(json, "ride", changed, (j, ride) -> j.writeNumber(ride.id));
            column(json, "s", changed, (j, ride) -> j.writeNumber(ride.last == null ? 0 : ride.last.elapsedS()));
            column(json, "hr", changed, (j, ride) -> heartRate(j, ride.last));
            column(json, "rpm", changed, (j, ride) -> cadence(j, ride.last));
            column(json, "res", changed, (j, ride) -> resistance(j, ride.last));
            column(json, "w", changed, (j, ride) -> watts(j, ride.last));
            column(json, "age", changed, (j, ride) -> j.writeNumber(Math.max(0, nowMillis - ride.atMillis)));
            column(json, "started", started, (j, ride) -> ride(j, ride, nowMillis, false));
            json.writeArrayFieldStart("ended");
            for (long id : ended) {
                json.writeNumber(id);
            }
            json.writeEndArray();
            column(json, "silent", silent, (j, ride) -> j.writeNumber(ride.id));
        });
    }

    /** The sequence number of a {@link #frame}. */
    static long seqOf(String frame) {
        return Long.parseLong(frame, SEQ_AT, frame.indexOf(',', SEQ_AT), 10);
    }

    /** The second of the first reading of {@link #readings}. */
    static int firstSecondOf(String readings) {
        int at = readings.indexOf("[[") + 2;
        return Integer.parseInt(readings, at, readings.indexOf(',', at), 10);
    }

    /** The second of the last reading of {@link #readings}. */
    static int lastSecondOf(String readings) {
        int at = readings.lastIndexOf('[') + 1;
        return Integer.parseInt(readings, at, readings.indexOf(',', at), 10);
    }

    static String ride(LiveRide ride, long nowMillis, boolean names) {
        return object(300, json -> rideMembers(json, ride, nowMillis, names));
    }

    static String snapshot(long seq, long nowMillis, Collection<LiveRide> rides, Totals totals, boolean names) {
        return object(256 + rides.size() * 300, json -> {
            json.writeNumberField("seq", seq);
            json.writeNumberField("at", nowMillis);
            json.writeArrayFieldStart("rides");
            for (LiveRide ride : rides) {
                ride(json, ride, nowMillis, names);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("totals");
            totals(json, totals);
            json.writeEndObject();
        });
    }

    static String totals(long seq, long nowMillis, Totals totals) {
        return object(200, json -> {
            json.writeNumberField("seq", seq);
            json.writeNumberField("at", nowMillis);
            totals(json, totals);
        });
    }

    static String ended(List<Long> rides) {
        return new JsonObject().put("ended", new JsonArray(rides)).encode();
    }

    static String riders(List<LiveRide> rides) {
        return object(rides.size() * 120, json -> {
            json.writeArrayFieldStart("riders");
            for (LiveRide ride : rides) {
                json.writeStartObject();
                json.writeNumberField("ride", ride.id);
                person(json, ride, true);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static String readings(long rideId, List<Reading> readings) {
        return object(64 + readings.size() * 32, json -> {
            json.writeNumberField("ride", rideId);
            json.writeArrayFieldStart("readings");
            for (Reading reading : readings) {
                json.writeStartArray();
                json.writeNumber(reading.elapsedS());
                heartRate(json, reading);
                cadence(json, reading);
                resistance(json, reading);
                tenths(json, reading.powerW());
                json.writeEndArray();
            }
            json.writeEndArray();
        });
    }

    /**
     * A phase change of an alert. Without limits it has neither heart rate nor range but only {@code by}, the bpm outside
     * the range rounded up to a multiple of {@value #COARSE_BPM}.
     */
    static String alert(long rideId, Episode episode, Episode.Transition step, boolean withLimits) {
        return object(200, json -> {
            json.writeNumberField("ride", rideId);
            json.writeNumberField("firstS", episode.firstS());
            json.writeNumberField("s", step.elapsedS());
            json.writeNumberField("at", step.atMicros() / 1_000);
            json.writeStringField("phase", step.phase().label());
            json.writeStringField("severity", step.severity().label());
            json.writeBooleanField("high", episode.high());
            json.writeStringField("rule", episode.rule().label());
            if (withLimits) {
                json.writeNumberField("bpm", step.bpm());
                json.writeNumberField("min", episode.limits().minBpm());
                json.writeNumberField("max", episode.limits().maxBpm());
            } else {
                json.writeNumberField("by", coarseExcess(episode, step.bpm()));
            }
        });
    }

    private static int coarseExcess(Episode episode, int bpm) {
        int excess = episode.high() ? bpm - episode.limitBpm() : episode.limitBpm() - bpm;
        return Math.max(0, Math.ceilDiv(excess, COARSE_BPM) * COARSE_BPM);
    }

    private static void ride(JsonGenerator json, LiveRide ride, long nowMillis, boolean names) throws IOException {
        json.writeStartObject();
        rideMembers(json, ride, nowMillis, names);
        json.writeEndObject();
    }

    private static void rideMembers(JsonGenerator json, LiveRide ride, long nowMillis, boolean names)
            throws IOException {
        json.writeNumberField("ride", ride.id);
        json.writeStringField("bike", ride.bike);
        json.writeObjectFieldStart("rider");
        person(json, ride, names);
        json.writeEndObject();
        json.writeNumberField("startedAt", ride.startedAtMillis);
        json.writeNumberField("s", ride.last == null ? 0 : ride.last.elapsedS());
        json.writeFieldName("hr");
        heartRate(json, ride.last);
        json.writeFieldName("rpm");
        cadence(json, ride.last);
        json.writeFieldName("res");
        resistance(json, ride.last);
        json.writeFieldName("w");
        watts(json, ride.last);
        json.writeNumberField("at", ride.atMillis);
        json.writeStringField("state", ride.state());
        json.writeStringField("severity", ride.severity == null ? null : ride.severity.label());
        json.writeFieldName("kj");
        tenths(json, ride.joules / 1_000);
        json.writeBooleanField("inUse", ride.isInUse(nowMillis));
    }

    private static void person(JsonGenerator json, LiveRide ride, boolean names) throws IOException {
        Rider rider = ride.rider;
        if (names) {
            json.writeFieldName("id");
            if (rider == null) {
                json.writeNull();
            } else {
                json.writeNumber(rider.id());
            }
            json.writeStringField("name", rider == null ? null : rider.name());
            integer(json, "age", ride.ageYears);
            integer(json, "min", ride.limits == null ? null : (Integer) ride.limits.minBpm());
            integer(json, "max", ride.limits == null ? null : (Integer) ride.limits.maxBpm());
        }
        json.writeStringField("gender", ride.gender());
        json.writeStringField("ageGroup", ride.ageGroup());
    }

    private static void totals(JsonGenerator json, Totals totals) throws IOException {
        json.writeNumberField("riding", totals.riding());
        json.writeNumberField("firing", totals.firing());
        json.writeNumberField("noSignal", totals.noSignal());
        integer(json, "medianHr", totals.medianHr());
        json.writeFieldName("powerKw");
        tenths(json, totals.powerW() / 1_000);
        json.writeFieldName("readingsPerS");
        tenths(json, totals.readingsPerS());
        json.writeNumberField("quarantined", totals.quarantined());
    }

    private static void column(JsonGenerator json, String name, List<LiveRide> rides, Column column)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (LiveRide ride : rides) {
            column.write(json, ride);
        }
        json.writeEndArray();
    }

    private static void heartRate(JsonGenerator json, @Nullable Reading reading) throws IOException {
        number(json, reading != null && reading.hasHeartRate(), reading == null ? 0 : reading.heartRateBpm());
    }

    private static void cadence(JsonGenerator json, @Nullable Reading reading) throws IOException {
        int rpm = reading == null ? Reading.ABSENT : reading.cadenceRpm();
        number(json, rpm != Reading.ABSENT, rpm);
    }

    private static void resistance(JsonGenerator json, @Nullable Reading reading) throws IOException {
        int resistance = reading == null ? Reading.ABSENT : reading.resistance();
        number(json, resistance != Reading.ABSENT, resistance);
    }

    private static void watts(JsonGenerator json, @Nullable Reading reading) throws IOException {
        number(json, reading != null && reading.hasPower(), reading == null ? 0 : Math.round(reading.powerW()));
    }

    private static void tenths(JsonGenerator json, double value) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNull();
        } else {
            json.writeNumber(Math.round(value * 10) / 10.0);
        }
    }

    private static void integer(JsonGenerator json, String name, @Nullable Integer value) throws IOException {
        json.writeFieldName(name);
        number(json, value != null, value == null ? 0 : value);
    }

    private static void number(JsonGenerator json, boolean present, int value) throws IOException {
        if (present) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static String object(int roughSize, Body body) {
        StringWriter text = new StringWriter(roughSize);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
