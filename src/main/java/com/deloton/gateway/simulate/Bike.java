package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.FleetOptions.Range;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.ExpectedRideBuilder;
import com.deloton.gateway.simulate.model.Fault;
import com.deloton.gateway.simulate.model.RideScript;
import com.deloton.gateway.simulate.model.SimulatedRider;
import com.deloton.gateway.simulate.model.WireFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated bike: one ride after another, one line each half second. Not thread-safe. */
final class Bike {
    private static final long HALF_SECOND_MICROS = 500_000;
    private static final int RIDERS_PER_BIKE = 20;
    private static final int MAX_CONSECUTIVE_RIDES = 16;
    private static final int FIRST_USER_ID = 100;

    private static final int MAIN = 0;
    private static final int NEW_RIDE = 1;
    private static final int GETTING_DATA = 2;
    private static final int SYSTEM = 3;
    private static final int FIRST_READING = 4;

    private final String serial;
    private final int index;
    private final FleetOptions options;
    private final LocalDate today;
    private final @Nullable Consumer<ExpectedRide> ledger;
    private final SplittableRandom ridingRandom;
    private final SplittableRandom faultRandom;
    private final ArrayDeque<byte[]> extras = new ArrayDeque<>();

    private int ordinal;
    private int ridesLeft;
    private SimulatedRider rider;
    private RideScript script;
    private ExpectedRideBuilder expected;
    private int step;
    private long dueMicros;
    private long lastMicros;

    Bike(
            int index,
            FleetOptions options,
            long startMicros,
            SplittableRandom random,
            @Nullable Consumer<ExpectedRide> ledger) {
        this.index = index;
        this.serial = "SN%04d".formatted(index);
        this.options = options;
        this.ledger = ledger;
        this.ridingRandom = random.split();
        this.faultRandom = random.split();
        this.today = day(startMicros);
        this.dueMicros = startMicros + ridingRandom.nextLong(HALF_SECOND_MICROS) + pauseMicros();
        this.rider = nextRider();
        this.script = nextScript();
        this.expected = nextExpected();
        if (hit(Fault.JOIN_MID_RIDE)) {
            step = FIRST_READING + faultRandom.nextInt(script.seconds());
        }
        skipDroppedLines();
    }

    int index() {
        return index;
    }

    /** Epoch micros at which the next record is due. Never decreases. */
    long dueMicros() {
        return extras.isEmpty() ? dueMicros : lastMicros;
    }

    Fleet.Message take() {
        byte[] extra = extras.poll();
        if (extra != null) {
            return new Fleet.Message(serial, extra, lastMicros);
        }
        lastMicros = dueMicros;
        byte[] value = WireFormat.record(line(dueMicros));
        addExtras(value);
        advance();
        skipDroppedLines();
        return new Fleet.Message(serial, value, lastMicros);
    }

    /** Adds the open ride to the ledger. */
    void finish() {
        write(expected.close(false));
    }

    private void advance() {
        step++;
        dueMicros += HALF_SECOND_MICROS + ridingRandom.nextLong(12, 40);
        if (step == FIRST_READING + 2 * script.seconds()) {
            write(expected.close(true));
            dueMicros += pauseMicros();
            if (--ridesLeft == 0) {
                rider = nextRider();
            }
            script = nextScript();
            expected = nextExpected();
            step = MAIN;
        }
    }

    private void skipDroppedLines() {
        while (step >= FIRST_READING && !script.abnormalHeartRate() && dropped(step - FIRST_READING)) {
            advance();
        }
    }

    private boolean dropped(int half) {
        return half % 2 == 0 ? hit(Fault.MISSING_RIDE) : hit(Fault.MISSING_TELEMETRY);
    }

    private String line(long at) {
        if (step > NEW_RIDE) {
            expected.timestamped(at);
        }
        return switch (step) {
            case MAIN -> WireFormat.BEGINNING_OF_MAIN;
            case NEW_RIDE -> WireFormat.BEGINNING_OF_RIDE;
            case GETTING_DATA -> WireFormat.gettingUserData(at);
            case SYSTEM -> WireFormat.system(at, payload(at));
            default -> {
                int half = step - FIRST_READING;
                yield half % 2 == 0 ? ride(half / 2 + 1, at) : telemetry(half / 2 + 1, at);
            }
        };
    }

    private String payload(long at) {
        SequencedMap<String, String> members = rider.payload(serial);
        boolean exempt = script.abnormalHeartRate();
        if (!exempt && hit(Fault.NULL_FIELD)) {
            members.put(anyOf(members), "null");
        }
        if (!exempt && hit(Fault.WRONG_TYPE)) {
            members.put(anyOf(members), "[]");
        }
        if (!exempt && hit(Fault.BIRTH_DATE_RANGE)) {
            int years = faultRandom.nextBoolean() ? Fault.YEARS_OUT_OF_RANGE : -Fault.YEARS_OUT_OF_RANGE;
            members.put(
                    "date_of_birth", SimulatedRider.millisAt(rider.dateOfBirth().plusYears(years)));
        }
        if (!exempt && hit(Fault.UNKNOWN_GENDER)) {
            members.put("gender", "\"unknown\"");
        }
        Map<String, String> original = rider.payload(serial);
        expected.loggedOn(
                at,
                isUnchanged("user_id", original, members) ? rider.userId() : null,
                isUnchanged("gender", original, members) ? rider.gender() : null,
                isUnchanged("date_of_birth", original, members) ? rider.dateOfBirth() : null);
        return !exempt && hit(Fault.SINGLE_QUOTED) ? WireFormat.pythonDict(members) : WireFormat.compactObject(members);
    }

    private static boolean isUnchanged(String member, Map<String, String> original, Map<String, String> sent) {
        return Objects.equals(original.get(member), sent.get(member));
    }

    private String ride(int second, long at) {
        expected.ride(second, script.resistance(second), at);
        return WireFormat.ride(at, second, script.resistance(second));
    }

    private String telemetry(int second, long at) {
        int heartRate = script.heartRate(second);
        int cadence = script.cadence(second);
        double power = script.power(second);
        long timestamp = at;
        if (!script.abnormalHeartRate()) {
            heartRate = hit(Fault.HEART_RATE_RANGE) ? Fault.OUT_OF_RANGE : heartRate;
            cadence = hit(Fault.CADENCE_RANGE) ? Fault.OUT_OF_RANGE : cadence;
            power = hit(Fault.POWER_RANGE) ? Fault.POWER_OUT_OF_RANGE : power;
            timestamp = hit(Fault.FUTURE_TIME) ? at + 10 * Fault.YEAR_MICROS : timestamp;
            timestamp = hit(Fault.ANCIENT_TIME) ? at - 150 * Fault.YEAR_MICROS : timestamp;
        }
        expected.telemetry(second, heartRate, cadence, power, timestamp);
        return WireFormat.telemetry(timestamp, heartRate, cadence, power);
    }

    private void addExtras(byte[] value) {
        if (options.faults().isEmpty()) {
            return;
        }
        if (hit(Fault.DUPLICATE)) {
            extras.add(value);
        }
        for (Fault fault : Fault.JUNK) {
            if (hit(fault)) {
                extras.add(fault.junk(lastMicros));
            }
        }
    }

    private boolean hit(Fault fault) {
        double rate = options.faults().isEmpty() ? 0 : options.faults().getOrDefault(fault, 0.0);
        boolean hit = rate > 0 && faultRandom.nextDouble() < rate;
        if (hit) {
            expected.count(fault);
        }
        return hit;
    }

    private SimulatedRider nextRider() {
        ridesLeft = ridingRandom.nextInt(1, MAX_CONSECUTIVE_RIDES + 1);
        long regular = ridingRandom.nextInt(RIDERS_PER_BIKE);
        return SimulatedRider.generate(options.seed(), FIRST_USER_ID + index + regular * options.bikes(), today);
    }

    private RideScript nextScript() {
        Range length = options.rideSeconds();
        int seconds = ridingRandom.nextInt(10) == 0
                ? within(length)
                : length.max() - ridingRandom.nextInt(Math.min(4, length.max() - length.min() + 1));
        boolean abnormalHeartRate =
                new SplittableRandom(rider.userId() ^ options.seed()).nextDouble() < options.abnormalHeartRate();
        return new RideScript(rider, day(dueMicros), seconds, abnormalHeartRate, ridingRandom);
    }

    private ExpectedRideBuilder nextExpected() {
        return new ExpectedRideBuilder(ledger != null, serial, ++ordinal);
    }

    private void write(@Nullable ExpectedRide ride) {
        if (ledger != null && ride != null) {
            ledger.accept(ride);
        }
    }

    private long pauseMicros() {
        return within(options.pauseSeconds()) * 1_000_000L;
    }

    private int within(Range range) {
        return ridingRandom.nextInt(range.min(), range.max() + 1);
    }

    private String anyOf(Map<String, String> members) {
        return members.keySet().stream()
                .skip(faultRandom.nextInt(members.size()))
                .findFirst()
                .orElseThrow();
    }

    private static LocalDate day(long micros) {
        return LocalDate.ofInstant(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000)), ZoneOffset.UTC);
    }
}
