package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.heartrate.Episode.Severity;

/** normal → pending → firing → recovering → normal. */
public sealed interface HeartRateState {
    static HeartRateState normal() {
        return new Normal();
    }

    /** The state after a gap that ends a run of consecutive readings; an episode stays open. */
    default HeartRateState afterGap() {
        return this;
    }

    record Normal() implements HeartRateState {
        Pending startRun(Reading first) {
            return new Pending(first, 1);
        }
    }

    /**
     * A run outside the limits that is still too short for an episode.
     *
     * @param count consecutive readings outside the limits
     */
    record Pending(Reading first, int count) implements HeartRateState {
        Pending extendRun() {
            return new Pending(first, count + 1);
        }

        @Override
        public HeartRateState afterGap() {
            return normal();
        }
    }

    /**
     * An open episode.
     *
     * @param worstBpm the heart rate farthest outside the limits so far
     * @param severity the highest severity so far
     */
    record Firing(Episode episode, int worstBpm, Severity severity) implements HeartRateState {
        Firing update(int bpm, Severity now) {
            Severity highest = now.compareTo(severity) > 0 ? now : severity;
            int worst = episode.farthest(worstBpm, bpm);
            return worst == worstBpm && highest == severity ? this : new Firing(episode, worst, highest);
        }

        Recovering startRecovery() {
            return new Recovering(this, 1);
        }
    }

    /**
     * An open episode whose heart rate is back in the recovery band.
     *
     * @param count consecutive readings within the recovery band
     */
    record Recovering(Firing from, int count) implements HeartRateState {
        Recovering continueRecovery() {
            return new Recovering(from, count + 1);
        }

        Recovering restartRecovery() {
            return new Recovering(from, 0);
        }

        @Override
        public HeartRateState afterGap() {
            return restartRecovery();
        }
    }
}
