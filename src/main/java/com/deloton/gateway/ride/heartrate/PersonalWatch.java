package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import com.deloton.gateway.ride.heartrate.HeartRateState.Firing;
import com.deloton.gateway.ride.heartrate.HeartRateState.Recovering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The watch of the policy {@code personal}. It raises an episode after {@value SustainedRun#SUSTAINED_S} s of trusted heart
 * rates ({@link SensorGate})
 *
 * <ul>
 *   <li>outside the rider's range;
 *   <li>above {@value #REST_PERCENT} % of the rider's maximum, the target of an exercise test (Fletcher 2013, Circulation
 *       128:873–934), with no pedalling for {@value #REST_S} s;
 *   <li>less than {@value #RECOVERY_BPM} bpm below the heart rate at the end of an effort, {@value #RECOVERY_S} s after it.
 *       A fall of 12 bpm or less after one minute is abnormal (Cole 1999, N Engl J Med 341:1351–1357), and of 22 bpm or less
 *       after two (Shetler 2001, J Am Coll Cardiol 38:1980–1987). An effort is at least {@value #EFFORT_PERCENT} % of the
 *       maximum, the lower bound of vigorous exercise (ACSM).
 * </ul>
 *
 * <p>Without an event it allocates nothing.
 */
public final class PersonalWatch extends HeartRateWatch {
    static final int REST_S = 60;
    static final int REST_PERCENT = 85;
    static final int RECOVERY_S = 120;
    static final int RECOVERY_BPM = 12;
    static final int EFFORT_PERCENT = 77;

    private final SensorGate gate;
    private final SustainedRun above = new SustainedRun();
    private final SustainedRun below = new SustainedRun();
    private final SustainedRun resting = new SustainedRun();
    private final SustainedRun unrecovered = new SustainedRun();
    private int trustedS = NEVER;
    /** The first second without pedalling; {@link #NEVER} while pedalling or if unknown. */
    private int stoppedS = NEVER;

    private int stoppedBpm;
    private int cadenceS = NEVER;

    /**
     * A watch at the start of a ride.
     *
     * @param limits the rider's minimum and personal maximum; null if unknown: then only jumps are reported
     */
    public PersonalWatch(HeartRatePolicy policy, @Nullable HeartRateLimits limits, boolean optedOut) {
        super(policy, limits, optedOut);
        gate = new SensorGate(policy.longestGapS());
    }

    @Override
    public List<HeartRateEvent> accept(Reading reading) {
        int second = reading.elapsedS();
        if (second <= lastS) {
            return List.of();
        }
        lastS = second;
        boolean trusted = gate.accept(reading);
        watchPedalling(reading);
        if (trustedS != NEVER && second - trustedS - (trusted ? 1 : 0) > policy.longestGapS()) {
            trustedS = NEVER;
            clearRuns();
            state = state.afterGap();
        }
        if (gate.jumped()) {
            clearRuns();
        }
        List<HeartRateEvent> events = List.of();
        if (trusted) {
            trustedS = second;
            measuredBpm = reading.heartRateBpm();
            events = limits == null ? events : evaluate(limits, reading);
        }
        return gate.jumped() ? withJump(events, reading) : events;
    }

    private List<HeartRateEvent> withJump(List<HeartRateEvent> events, Reading reading) {
        List<HeartRateEvent> all = new ArrayList<>(events);
        all.add(new HeartRateEvent.SensorFault(reading.elapsedS(), gate.fromBpm(), reading.heartRateBpm()));
        return all;
    }

    private void watchPedalling(Reading reading) {
        int second = reading.elapsedS();
        boolean continued = cadenceS != NEVER && second - cadenceS <= policy.longestGapS() + 1;
        if (reading.cadenceRpm() == Reading.ABSENT) {
            stoppedS = continued ? stoppedS : NEVER;
            return;
        }
        cadenceS = second;
        if (reading.cadenceRpm() > 0) {
            stoppedS = NEVER;
        } else if (stoppedS == NEVER || !continued) {
            stoppedS = second;
            stoppedBpm = trustedS == NEVER ? 0 : measuredBpm;
        }
    }

    private List<HeartRateEvent> evaluate(HeartRateLimits range, Reading reading) {
        return switch (state) {
            case Firing open -> firing(open.episode().limits(), open, reading);
            case Recovering open -> recovering(open.from().episode().limits(), open, reading);
            default -> raiseIfSustained(range, reading);
        };
    }

    private List<HeartRateEvent> raiseIfSustained(HeartRateLimits range, Reading reading) {
        int bpm = reading.heartRateBpm();
        int margin = policy.recoveryMarginBpm();
        int restedS = stoppedS == NEVER ? 0 : reading.elapsedS() - stoppedS;
        int restMax = range.maxBpm() * REST_PERCENT / 100;
        boolean afterEffort = stoppedBpm * 100 >= range.maxBpm() * EFFORT_PERCENT;
        int recoveredMax = stoppedBpm - RECOVERY_BPM;

        boolean isAbove = above.accept(reading, bpm - range.maxBpm(), margin);
        boolean isBelow = below.accept(reading, range.minBpm() - bpm, margin);
        boolean isResting = resting.accept(reading, restedS >= REST_S ? bpm - restMax : -margin - 1, margin);
        boolean isUnrecovered =
                unrecovered.accept(reading, restedS >= RECOVERY_S && afterEffort ? bpm - recoveredMax : -margin - 1, 0);
        if (isAbove || isBelow) {
            return raise(Rule.RANGE, range, isAbove ? above : below, reading);
        }
        if (isResting) {
            return raise(Rule.NOT_PEDALLING, withMax(range, restMax), resting, reading);
        }
        return isUnrecovered ? raise(Rule.NO_RECOVERY, withMax(range, recoveredMax), unrecovered, reading) : List.of();
    }

    private static HeartRateLimits withMax(HeartRateLimits range, int maxBpm) {
        return new HeartRateLimits(Math.min(range.minBpm(), maxBpm - 1), maxBpm);
    }

    private List<HeartRateEvent> raise(Rule rule, HeartRateLimits range, SustainedRun run, Reading reading) {
        int firstBpm = run.firstBpm();
        Episode episode = episode(rule, range, run.firstS(), run.firstAtMicros(), reading);
        clearRuns();
        return raise(episode, firstBpm, reading);
    }

    private void clearRuns() {
        above.clear();
        below.clear();
        resting.clear();
        unrecovered.clear();
    }
}
