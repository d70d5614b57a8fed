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

/** One bike: ride after ride, a line each half second of its own time. Not thread-safe. */
final class Bike {
    private static final long HALF_SECOND = 500_000;
    private static final int REGULARS = 20;
    private static final int MAX_RIDES_IN_A_ROW = 16;
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
    private final SplittableRandom dirtRandom;
    private final ArrayDeque<byte[]> extras = new ArrayDeque<>();

    private int ordinal;
    private int ridesLeft;
    private SimulatedRider rider;
    private RideScript script;
    private ExpectedRideBuilder page;
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
        this.dirtRandom = random.split();
        this.today = day(startMicros);
        this.dueMicros = startMicros + ridingRandom.nextLong(HALF_SECOND) + pauseMicros();
        this.rider = nextRider();
        this.script = nextScript();
        this.page = nextPage();
        if (hit(Fault.JOIN_MID_RIDE)) {
            step = FIRST_READING + dirtRandom.nextInt(script.seconds());
        }
        skipDropped();
    }

    int index() {
        return index;
    }

    /** When the next record is due. Never goes back. */
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
        skipDropped();
        return new Fleet.Message(serial, value, lastMicros);
    }

    /** Writes the ledger of the ride that is going on. */
    void finish() {
        write(page.close(false));
    }

    private void advance() {
        step++;
        dueMicros += HALF_SECOND + ridingRandom.nextLong(12, 40);
        if (step == FIRST_READING + 2 * script.seconds()) {
            write(page.close(true));
            dueMicros += pauseMicros();
            if (--ridesLeft == 0) {
                rider = nextRider();
            }
            script = nextScript();
            page = nextPage();
            step = MAIN;
        }
    }

    private void skipDropped() {
        while (step >= FIRST_READING && !script.abnormalHeartRate() && dropped(step - FIRST_READING)) {
            advance();
        }
    }

    private boolean dropped(int half) {
        return half % 2 == 0 ? hit(Fault.MISSING_RIDE) : hit(Fault.MISSING_TELEMETRY);
    }

    private String line(long at) {
        if (step > NEW_RIDE) {
            page.stamped(at);
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
        boolean spared = script.abnormalHeartRate();
        if (!spared && hit(Fault.NULL_FIELD)) {
            members.put(anyOf(members), "null");
        }
        if (!spared && hit(Fault.WRONG_TYPE)) {
            members.put(anyOf(members), "[]");
        }
        if (!spared && hit(Fault.BIRTH_DATE_RANGE)) {
            int years = dirtRandom.nextBoolean() ? Fault.YEARS_OUT_OF_RANGE : -Fault.YEARS_OUT_OF_RANGE;
            members.put(
                    "date_of_birth", SimulatedRider.millisAt(rider.dateOfBirth().plusYears(years)));
        }
        if (!spared && hit(Fault.UNKNOWN_GENDER)) {
            members.put("gender", "\"unknown\"");
        }
        Map<String, String> truth = rider.payload(serial);
        page.loggedOn(
                at,
                isSame("user_id", truth, members) ? rider.userId() : null,
                isSame("gender", truth, members) ? rider.gender() : null,
                isSame("date_of_birth", truth, members) ? rider.dateOfBirth() : null);
        return !spared && hit(Fault.SINGLE_QUOTED) ? WireFormat.pythonDict(members) : WireFormat.compactObject(members);
    }

    private static boolean isSame(String member, Map<String, String> truth, Map<String, String> said) {
        return Objects.equals(truth.get(member), said.get(member));
    }

    private String ride(int second, long at) {
        page.ride(second, script.resistance(second), at);
        return WireFormat.ride(at, second, script.resistance(second));
    }

    private String telemetry(int second, long at) {
        int heartRate = script.heartRate(second);
        int cadence = script.cadence(second);
        double power = script.power(second);
        long said = at;
        if (!script.abnormalHeartRate()) {
            heartRate = hit(Fault.HEART_RATE_RANGE) ? Fault.OUT_OF_RANGE : heartRate;
            cadence = hit(Fault.CADENCE_RANGE) ? Fault.OUT_OF_RANGE : cadence;
            power = hit(Fault.POWER_RANGE) ? Fault.POWER_OUT_OF_RANGE : power;
            said = hit(Fault.FUTURE_TIME) ? at + 10 * Fault.YEAR_MICROS : said;
            said = hit(Fault.ANCIENT_TIME) ? at - 150 * Fault.YEAR_MICROS : said;
        }
        page.telemetry(second, heartRate, cadence, power, said);
        return WireFormat.telemetry(said, heartRate, cadence, power);
    }

    private void addExtras(byte[] value) {
        if (options.dirt().isEmpty()) {
            return;
        }
        if (hit(Fault.DUPLICATE)) {
            extras.add(value);
        }
        for (Fault kind : Fault.JUNK) {
            if (hit(kind)) {
                extras.add(kind.junk(lastMicros));
            }
        }
    }

    private boolean hit(Fault kind) {
        double rate = options.dirt().isEmpty() ? 0 : options.dirt().getOrDefault(kind, 0.0);
        boolean hit = rate > 0 && dirtRandom.nextDouble() < rate;
        if (hit) {
            page.count(kind);
        }
        return hit;
    }

    private SimulatedRider nextRider() {
        ridesLeft = ridingRandom.nextInt(1, MAX_RIDES_IN_A_ROW + 1);
        long regular = ridingRandom.nextInt(REGULARS);
        return SimulatedRider.invent(options.seed(), FIRST_USER_ID + index + regular * options.bikes(), today);
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

    private ExpectedRideBuilder nextPage() {
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
                .skip(dirtRandom.nextInt(members.size()))
                .findFirst()
                .orElseThrow();
    }

    private static LocalDate day(long micros) {
        return LocalDate.ofInstant(Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000)), ZoneOffset.UTC);
    }
}
