package com.deloton.gateway.simulate.model;

import com.deloton.gateway.simulate.model.ExpectedRide.Episode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the lines of an open ride into an {@link ExpectedRide}. */
public final class ExpectedRideBuilder {
    private static final int MIN_EPISODE_READINGS = 3;
    /** Unmeasured seconds that do not end a run. */
    private static final int MAX_GAP_S = 5;

    private static final long DAY_MICROS = 86_400_000_000L;

    private final boolean kept;
    private final String serial;
    private final int ordinal;
    private final List<ExpectedRide.ExpectedReading> readings = new ArrayList<>();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private ExpectedRide.@Nullable ExpectedReading pendingRideLine;
    private @Nullable Long startMicros;
    private @Nullable Long logOnMicros;
    private @Nullable Long userId;
    private @Nullable String gender;
    private @Nullable LocalDate dateOfBirth;
    private int maximumBpm = Integer.MAX_VALUE;
    private int minimumBpm = Integer.MIN_VALUE;

    /** @param kept false to collect no readings and faults, for a fleet without a ledger */
    public ExpectedRideBuilder(boolean kept, String serial, int ordinal) {
        this.kept = kept;
        this.serial = serial;
        this.ordinal = ordinal;
    }

    public void timestamped(long atMicros) {
        if (startMicros == null) {
            startMicros = atMicros;
        }
    }

    /** Null for what was not sent. Heart rates have a range only if rider and date of birth are known. */
    public void loggedOn(
            long atMicros,
            @Nullable Long sentUserId,
            @Nullable String sentGender,
            @Nullable LocalDate sentDateOfBirth) {
        logOnMicros = atMicros;
        userId = sentUserId;
        gender = sentGender;
        dateOfBirth = sentDateOfBirth;
        if (sentUserId != null && sentDateOfBirth != null) {
            LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(atMicros, DAY_MICROS));
            int age = sentDateOfBirth.until(day).getYears();
            maximumBpm = SimulatedRider.maximumBpm(sentGender, age);
            minimumBpm = SimulatedRider.minimumBpm(sentGender, age);
        }
    }

    public void ride(int second, int resistance, long atMicros) {
        addPendingRideLine();
        if (kept) {
            pendingRideLine = new ExpectedRide.ExpectedReading(second, null, null, resistance, null, atMicros);
        }
    }

    public void telemetry(int second, int heartRate, int cadence, double power, long atMicros) {
        if (kept) {
            Integer resistance = pendingRideLine != null && pendingRideLine.elapsedS() == second
                    ? pendingRideLine.resistance()
                    : null;
            if (resistance == null) {
                addPendingRideLine();
            }
            pendingRideLine = null;
            readings.add(new ExpectedRide.ExpectedReading(second, heartRate, cadence, resistance, power, atMicros));
        }
    }

    public void count(Fault fault) {
        if (kept) {
            faults.merge(fault, 1, Integer::sum);
        }
    }

    /** The ride so far; null without a line that has a timestamp. */
    public @Nullable ExpectedRide close(boolean ended) {
        addPendingRideLine();
        return startMicros == null
                ? null
                : new ExpectedRide(
                        serial,
                        ordinal,
                        userId,
                        gender,
                        dateOfBirth,
                        startMicros,
                        logOnMicros,
                        ended,
                        readings,
                        episodes(),
                        faults);
    }

    private void addPendingRideLine() {
        if (pendingRideLine != null) {
            readings.add(pendingRideLine);
            pendingRideLine = null;
        }
    }

    private List<Episode> episodes() {
        List<Episode> episodes = new ArrayList<>();
        List<Integer> run = new ArrayList<>();
        boolean high = false;
        int lastMeasuredS = 0;
        for (ExpectedRide.ExpectedReading reading : readings) {
            Integer bpm = reading.heartRateBpm();
            boolean above = bpm != null && bpm > maximumBpm && bpm != Fault.OUT_OF_RANGE;
            boolean below = bpm != null && bpm != 0 && bpm < minimumBpm;
            boolean measured = bpm != null && bpm != 0 && bpm != Fault.OUT_OF_RANGE;
            if (measured) {
                if (reading.elapsedS() - lastMeasuredS > MAX_GAP_S + 1) {
                    end(run, high, episodes);
                }
                lastMeasuredS = reading.elapsedS();
            }
            if (measured && !above && !below) {
                end(run, high, episodes);
            } else if (measured) {
                high = above;
                run.add(reading.elapsedS());
            }
        }
        end(run, high, episodes);
        return episodes;
    }

    private static void end(List<Integer> run, boolean high, List<Episode> episodes) {
        if (run.size() >= MIN_EPISODE_READINGS) {
            episodes.add(new Episode(run.getFirst(), run.get(MIN_EPISODE_READINGS - 1), run.getLast(), high));
        }
        run.clear();
    }
}
