package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import com.deloton.gateway.ride.heartrate.HeartRateState.Firing;
import com.deloton.gateway.ride.heartrate.HeartRateState.Normal;
import com.deloton.gateway.ride.heartrate.HeartRateState.Pending;
import com.deloton.gateway.ride.heartrate.HeartRateState.Recovering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raises and ends the heart-rate episodes of one ride. A pure state machine: its events depend only on the readings and
 * their order. A reading that is not later than the last one is ignored. Not thread-safe.
 */
public sealed class HeartRateWatch permits PersonalWatch {
    static final int NEVER = Integer.MIN_VALUE;

    final HeartRatePolicy policy;
    final @Nullable HeartRateLimits limits;
    private final boolean optedOut;

    HeartRateState state = HeartRateState.normal();
    int lastS = NEVER;
    private int measuredS = NEVER;
    int measuredBpm;
    private int notifiedS = NEVER;
    /** The last episode that ended, and when; it may continue. */
    private @Nullable Firing ended;

    private int endedS = NEVER;
    private boolean flapping;

    /**
     * A watch at the start of a ride.
     *
     * @param limits null if unknown: then only sensor faults are reported
     */
    public HeartRateWatch(HeartRatePolicy policy, @Nullable HeartRateLimits limits, boolean optedOut) {
        this.policy = policy;
        this.limits = limits;
        this.optedOut = optedOut;
    }

    /** Puts a new watch into the state after these readings; discards their events. */
    public HeartRateWatch resume(RideSeries series) {
        for (int s = series.firstS(); s <= series.lastS(); s++) {
            if (series.has(s)) {
                accept(series.get(s));
            }
        }
        return this;
    }

    /** See {@link com.deloton.gateway.ride.RideTracker#touch}. */
    public int touch() {
        return limits == null ? lastS : lastS + limits.maxBpm();
    }

    public HeartRateState state() {
        return state;
    }

    /** The normal range; null if unknown. */
    public @Nullable HeartRateLimits limits() {
        return limits;
    }

    /** Takes the next second; usually nothing follows from it. */
    public List<HeartRateEvent> accept(Reading reading) {
        if (reading.elapsedS() <= lastS) {
            return List.of();
        }
        lastS = reading.elapsedS();
        if (measuredS != NEVER && unmeasuredSeconds(reading) > policy.longestGapS()) {
            state = state.afterGap();
        }
        if (!reading.hasHeartRate()) {
            return List.of();
        }
        HeartRateEvent fault = fault(reading);
        measuredS = reading.elapsedS();
        measuredBpm = reading.heartRateBpm();
        List<HeartRateEvent> events = limits == null ? List.of() : evaluate(limits, reading);
        if (fault == null) {
            return events;
        }
        List<HeartRateEvent> all = new ArrayList<>(events);
        all.add(fault);
        return all;
    }

    /** Seconds since the last measured heart rate that have none; {@code reading} is counted if it has none. */
    private int unmeasuredSeconds(Reading reading) {
        return reading.elapsedS() - measuredS - (reading.hasHeartRate() ? 1 : 0);
    }

    /** Ends an open episode with the ride. */
    public List<HeartRateEvent> end(long atMicros) {
        Firing open = state instanceof Recovering recovering ? recovering.from() : state instanceof Firing f ? f : null;
        state = HeartRateState.normal();
        return open == null ? List.of() : changed(open, Phase.ENDED, lastS, atMicros, measuredBpm);
    }

    private @Nullable HeartRateEvent fault(Reading reading) {
        boolean jump = measuredS == reading.elapsedS() - 1
                && Math.abs(reading.heartRateBpm() - measuredBpm) > policy.jumpBpm();
        return jump ? new HeartRateEvent.SensorFault(reading.elapsedS(), measuredBpm, reading.heartRateBpm()) : null;
    }

    private List<HeartRateEvent> evaluate(HeartRateLimits range, Reading reading) {
        boolean inside = range.contains(reading.heartRateBpm());
        return switch (state) {
            case Normal normal -> inside ? List.of() : pending(range, normal.startRun(reading), reading);
            case Pending pending -> inside ? endRun() : pending(range, pending.extendRun(), reading);
            case Firing firing -> firing(range, firing, reading);
            case Recovering recovering -> recovering(range, recovering, reading);
        };
    }

    private List<HeartRateEvent> endRun() {
        state = HeartRateState.normal();
        return List.of();
    }

    private List<HeartRateEvent> pending(HeartRateLimits range, Pending pending, Reading reading) {
        if (pending.count() < policy.readings()) {
            state = pending;
            return List.of();
        }
        Reading begin = pending.first();
        Episode episode = episode(Episode.Rule.RANGE, range, begin.elapsedS(), begin.atMicros(), reading);
        return raise(episode, begin.heartRateBpm(), reading);
    }

    /** Opens {@code episode}, whose first reading was {@code firstBpm}, or continues the one that it would repeat. */
    final List<HeartRateEvent> raise(Episode episode, int firstBpm, Reading reading) {
        Firing before = ended;
        flapping = before != null && before.episode().isRepeatedBy(episode, endedS, policy.flapWindowS());
        if (before != null && flapping) {
            Firing again = before.update(reading.heartRateBpm(), episode.severity());
            state = again;
            return changed(again, Phase.FIRING, reading);
        }
        if (episode.suppression() == null) {
            notifiedS = episode.raisedS();
        }
        Firing firing = new Firing(episode, episode.raisedBpm(), episode.severity());
        state = firing;
        Episode.Transition started =
                transition(firing, Phase.PENDING, episode.firstS(), episode.firstAtMicros(), firstBpm, firstBpm);
        return List.of(new HeartRateEvent.Raised(episode, List.of(started, transition(firing, Phase.FIRING, reading))));
    }

    final Episode episode(Episode.Rule rule, HeartRateLimits range, int firstS, long firstAtMicros, Reading raising) {
        boolean cooling = notifiedS != NEVER && policy.isCoolingDown(notifiedS, raising.elapsedS());
        return new Episode(
                rule,
                firstS,
                firstAtMicros,
                raising.elapsedS(),
                raising.atMicros(),
                raising.heartRateBpm(),
                raising.heartRateBpm() > range.maxBpm(),
                range,
                policy.severity(range, raising.heartRateBpm()),
                optedOut ? Episode.SuppressionReason.OPT_OUT : cooling ? Episode.SuppressionReason.COOL_DOWN : null);
    }

    final List<HeartRateEvent> firing(HeartRateLimits range, Firing firing, Reading reading) {
        if (policy.isRecovered(range, reading.heartRateBpm())) {
            return recovering(firing.startRecovery(), reading, Phase.RECOVERING);
        }
        Severity before = firing.severity();
        Firing now = range.contains(reading.heartRateBpm()) ? firing : update(range, firing, reading);
        state = now;
        return now.severity() == before ? List.of() : changed(now, Phase.FIRING, reading);
    }

    final List<HeartRateEvent> recovering(HeartRateLimits range, Recovering recovering, Reading reading) {
        if (policy.isRecovered(range, reading.heartRateBpm())) {
            return recovering(recovering.continueRecovery(), reading, null);
        }
        if (range.contains(reading.heartRateBpm())) {
            state = recovering.restartRecovery();
            return List.of();
        }
        Firing again = update(range, recovering.from(), reading);
        state = again;
        return changed(again, Phase.FIRING, reading);
    }

    private List<HeartRateEvent> recovering(Recovering recovering, Reading reading, @Nullable Phase entered) {
        int needed = flapping ? Math.max(policy.recoveryReadings(), policy.flapWindowS()) : policy.recoveryReadings();
        if (recovering.count() >= needed) {
            state = HeartRateState.normal();
            ended = recovering.from();
            endedS = reading.elapsedS();
            return changed(recovering.from(), Phase.NORMAL, reading);
        }
        state = recovering;
        return entered == null ? List.of() : changed(recovering.from(), entered, reading);
    }

    private Firing update(HeartRateLimits range, Firing firing, Reading reading) {
        return firing.update(reading.heartRateBpm(), policy.severity(range, reading.heartRateBpm()));
    }

    private static List<HeartRateEvent> changed(Firing firing, Phase phase, Reading reading) {
        return changed(firing, phase, reading.elapsedS(), reading.atMicros(), reading.heartRateBpm());
    }

    private static List<HeartRateEvent> changed(Firing firing, Phase phase, int elapsedS, long atMicros, int bpm) {
        return List.of(new HeartRateEvent.Changed(
                firing.episode(), transition(firing, phase, elapsedS, atMicros, bpm, firing.worstBpm())));
    }

    private static Episode.Transition transition(Firing firing, Phase phase, Reading reading) {
        return transition(
                firing, phase, reading.elapsedS(), reading.atMicros(), reading.heartRateBpm(), firing.worstBpm());
    }

    private static Episode.Transition transition(
            Firing firing, Phase phase, int elapsedS, long atMicros, int bpm, int worstBpm) {
        return new Episode.Transition(
                phase, elapsedS, atMicros, bpm, firing.episode().limitBpm(), worstBpm, firing.severity());
    }
}
