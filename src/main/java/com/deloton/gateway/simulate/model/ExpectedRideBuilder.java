package com.deloton.gateway.simulate.model;

import com.deloton.gateway.simulate.model.ExpectedRide.Episode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ledger of a ride that is still going on. Writes nothing down if nobody will read it. */
public final class ExpectedRideBuilder {
    private static final int RUN = 3;
    /** Unmeasured seconds that do not end a run. */
    private static final int MAX_GAP_S = 5;

    private static final long DAY_MICROS = 86_400_000_000L;

    private final boolean kept;
    private final String serial;
    private final int ordinal;
    private final List<ExpectedRide.ExpectedReading> readings = new ArrayList<>();
    private final Map<Fault, Integer> dirt = new EnumMap<>(Fault.class);
    private ExpectedRide.@Nullable ExpectedReading half;
    private @Nullable Long startMicros;
    private @Nullable Long logOnMicros;
    private @Nullable Long userId;
    private @Nullable String gender;
    private @Nullable LocalDate dateOfBirth;
    private int maximumBpm = Integer.MAX_VALUE;
    private int minimumBpm = Integer.MIN_VALUE;

    public ExpectedRideBuilder(boolean kept, String serial, int ordinal) {
        this.kept = kept;
        this.serial = serial;
        this.ordinal = ordinal;
    }

    public void stamped(long atMicros) {
        if (startMicros == null) {
            startMicros = atMicros;
        }
    }

    /** What of the rider was said, null being what was not: heart rates have limits only for a known rider and age. */
    public void loggedOn(
            long atMicros,
            @Nullable Long saidUserId,
            @Nullable String saidGender,
            @Nullable LocalDate saidDateOfBirth) {
        logOnMicros = atMicros;
        userId = saidUserId;
        gender = saidGender;
        dateOfBirth = saidDateOfBirth;
        if (saidUserId != null && saidDateOfBirth != null) {
            LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(atMicros, DAY_MICROS));
            int age = saidDateOfBirth.until(day).getYears();
            maximumBpm = SimulatedRider.maximumBpm(saidGender, age);
            minimumBpm = SimulatedRider.minimumBpm(saidGender, age);
        }
    }

    public void ride(int second, int resistance, long atMicros) {
        closeHalf();
        if (kept) {
            half = new ExpectedRide.ExpectedReading(second, null, null, resistance, null, atMicros);
        }
    }

    public void telemetry(int second, int heartRate, int cadence, double power, long atMicros) {
        if (kept) {
            Integer resistance = half != null && half.elapsedS() == second ? half.resistance() : null;
            if (resistance == null) {
                closeHalf();
            }
            half = null;
            readings.add(new ExpectedRide.ExpectedReading(second, heartRate, cadence, resistance, power, atMicros));
        }
    }

    public void count(Fault kind) {
        if (kept) {
            dirt.merge(kind, 1, Integer::sum);
        }
    }

    /** The ride as said so far; null if nothing with a timestamp has been said. */
    public @Nullable ExpectedRide close(boolean ended) {
        closeHalf();
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
                        dirt);
    }

    private void closeHalf() {
        if (half != null) {
            readings.add(half);
            half = null;
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
        if (run.size() >= RUN) {
            episodes.add(new Episode(run.getFirst(), run.get(RUN - 1), run.getLast(), high));
        }
        run.clear();
    }
}
