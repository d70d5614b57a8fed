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
 * Watches the heart rate of one ride. A pure state machine: what it tells depends only on the readings and their order.
 * A reading of a second that is not later than the last one is passed over. Not thread-safe.
 */
public final class HeartRateWatch {
    private static final int NEVER = Integer.MIN_VALUE;

    private final HeartRatePolicy policy;
    private final @Nullable HeartRateLimits limits;
    private final boolean optedOut;

    private HeartRateState state = HeartRateState.normal();
    private int lastS = NEVER;
    private int measuredS = NEVER;
    private int measuredBpm;
    private int toldS = NEVER;

    /**
     * A watch over a ride that begins.
     *
     * @param limits null if there are none: then only faults of the sensor are told
     */
    public HeartRateWatch(HeartRatePolicy policy, @Nullable HeartRateLimits limits, boolean optedOut) {
        this.policy = policy;
        this.limits = limits;
        this.optedOut = optedOut;
    }

    /** Brings a new watch to where it was after these readings, without telling anything again. */
    public HeartRateWatch resume(RideSeries series) {
        for (int s = series.firstS(); s <= series.lastS(); s++) {
            if (series.has(s)) {
                accept(series.get(s));
            }
        }
        return this;
    }

    public HeartRateState state() {
        return state;
    }

    /** The range it holds heart rates against; null if there is none. */
    public @Nullable HeartRateLimits limits() {
        return limits;
    }

    /** Takes the next second; usually there is nothing to tell. */
    public List<HeartRateEvent> accept(Reading reading) {
        if (reading.elapsedS() <= lastS) {
            return List.of();
        }
        boolean gap = lastS != NEVER && reading.elapsedS() - lastS - 1 > policy.longestGapS();
        lastS = reading.elapsedS();
        if (gap || !reading.hasHeartRate()) {
            state = state.interrupted();
        }
        if (!reading.hasHeartRate()) {
            return List.of();
        }
        HeartRateEvent fault = fault(reading);
        measuredS = reading.elapsedS();
        measuredBpm = reading.heartRateBpm();
        List<HeartRateEvent> told = limits == null ? List.of() : move(limits, reading);
        if (fault == null) {
            return told;
        }
        List<HeartRateEvent> both = new ArrayList<>(told);
        both.add(fault);
        return both;
    }

    /** The ride is over. */
    public List<HeartRateEvent> end(long atMicros) {
        Firing open = state instanceof Recovering recovering ? recovering.from() : state instanceof Firing f ? f : null;
        state = HeartRateState.normal();
        return open == null ? List.of() : moved(open, Phase.ENDED, lastS, atMicros, measuredBpm);
    }

    private @Nullable HeartRateEvent fault(Reading reading) {
        boolean jump = measuredS == reading.elapsedS() - 1
                && Math.abs(reading.heartRateBpm() - measuredBpm) > policy.jumpBpm();
        return jump ? new HeartRateEvent.SensorFault(reading.elapsedS(), measuredBpm, reading.heartRateBpm()) : null;
    }

    private List<HeartRateEvent> move(HeartRateLimits range, Reading reading) {
        boolean inside = range.contains(reading.heartRateBpm());
        return switch (state) {
            case Normal normal -> inside ? List.of() : pending(range, normal.outside(reading), reading);
            case Pending pending -> inside ? calmed() : pending(range, pending.again(), reading);
            case Firing firing -> firing(range, firing, reading);
            case Recovering recovering -> recovering(range, recovering, reading);
        };
    }

    private List<HeartRateEvent> calmed() {
        state = HeartRateState.normal();
        return List.of();
    }

    private List<HeartRateEvent> pending(HeartRateLimits range, Pending pending, Reading reading) {
        if (pending.count() < policy.readings()) {
            state = pending;
            return List.of();
        }
        Episode episode = episode(range, pending.first(), reading);
        if (episode.quiet() == null) {
            toldS = episode.raisedS();
        }
        Firing firing = pending.fire(episode);
        state = firing;
        Reading first = pending.first();
        Episode.Transition began = step(
                firing, Phase.PENDING, first.elapsedS(), first.atMicros(), first.heartRateBpm(), first.heartRateBpm());
        return List.of(new HeartRateEvent.Raised(episode, List.of(began, step(firing, Phase.FIRING, reading))));
    }

    private Episode episode(HeartRateLimits range, Reading first, Reading raising) {
        boolean cooling = toldS != NEVER && policy.isCoolingDown(toldS, raising.elapsedS());
        return new Episode(
                first.elapsedS(),
                first.atMicros(),
                raising.elapsedS(),
                raising.atMicros(),
                raising.heartRateBpm(),
                raising.heartRateBpm() > range.maxBpm(),
                range,
                policy.severity(range, raising.heartRateBpm()),
                optedOut ? Episode.SuppressionReason.OPT_OUT : cooling ? Episode.SuppressionReason.COOL_DOWN : null);
    }

    private List<HeartRateEvent> firing(HeartRateLimits range, Firing firing, Reading reading) {
        if (policy.isCalm(range, reading.heartRateBpm())) {
            return recovering(firing.calm(), reading, Phase.RECOVERING);
        }
        Severity before = firing.severity();
        Firing now = range.contains(reading.heartRateBpm()) ? firing : worsen(range, firing, reading);
        state = now;
        return now.severity() == before ? List.of() : moved(now, Phase.FIRING, reading);
    }

    private List<HeartRateEvent> recovering(HeartRateLimits range, Recovering recovering, Reading reading) {
        if (policy.isCalm(range, reading.heartRateBpm())) {
            return recovering(recovering.calm(), reading, null);
        }
        if (range.contains(reading.heartRateBpm())) {
            state = recovering.unsure();
            return List.of();
        }
        Firing again = worsen(range, recovering.from(), reading);
        state = again;
        return moved(again, Phase.FIRING, reading);
    }

    private List<HeartRateEvent> recovering(Recovering recovering, Reading reading, @Nullable Phase news) {
        if (recovering.count() >= policy.recoveryReadings()) {
            state = HeartRateState.normal();
            return moved(recovering.from(), Phase.NORMAL, reading);
        }
        state = recovering;
        return news == null ? List.of() : moved(recovering.from(), news, reading);
    }

    private Firing worsen(HeartRateLimits range, Firing firing, Reading reading) {
        return firing.at(reading.heartRateBpm(), policy.severity(range, reading.heartRateBpm()));
    }

    private static List<HeartRateEvent> moved(Firing firing, Phase phase, Reading reading) {
        return moved(firing, phase, reading.elapsedS(), reading.atMicros(), reading.heartRateBpm());
    }

    private static List<HeartRateEvent> moved(Firing firing, Phase phase, int elapsedS, long atMicros, int bpm) {
        return List.of(new HeartRateEvent.Changed(
                firing.episode(), step(firing, phase, elapsedS, atMicros, bpm, firing.worstBpm())));
    }

    private static Episode.Transition step(Firing firing, Phase phase, Reading reading) {
        return step(firing, phase, reading.elapsedS(), reading.atMicros(), reading.heartRateBpm(), firing.worstBpm());
    }

    private static Episode.Transition step(
            Firing firing, Phase phase, int elapsedS, long atMicros, int bpm, int worstBpm) {
        return new Episode.Transition(
                phase, elapsedS, atMicros, bpm, firing.episode().limitBpm(), worstBpm, firing.severity());
    }
}
