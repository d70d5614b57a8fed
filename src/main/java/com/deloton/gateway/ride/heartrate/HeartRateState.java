package com.deloton.gateway.ride.heartrate;

import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.heartrate.Episode.Severity;

/** normal → pending → firing → recovering → normal. */
public sealed interface HeartRateState {
    static HeartRateState normal() {
        return new Normal();
    }

    /** A missing heart rate ends a run, and leaves an episode as it is. */
    default HeartRateState interrupted() {
        return this;
    }

    record Normal() implements HeartRateState {
        Pending outside(Reading first) {
            return new Pending(first, 1);
        }
    }

    /**
     * A run that is too short yet.
     *
     * @param count consecutive readings outside the limits so far
     */
    record Pending(Reading first, int count) implements HeartRateState {
        Pending again() {
            return new Pending(first, count + 1);
        }

        Firing fire(Episode episode) {
            return new Firing(episode, episode.raisedBpm(), episode.severity());
        }

        @Override
        public HeartRateState interrupted() {
            return normal();
        }
    }

    /**
     * An episode was raised and goes on.
     *
     * @param worstBpm the heart rate farthest outside so far
     */
    record Firing(Episode episode, int worstBpm, Severity severity) implements HeartRateState {
        Firing at(int bpm, Severity now) {
            Severity worst = now.compareTo(severity) > 0 ? now : severity;
            return new Firing(episode, episode.worse(worstBpm, bpm), worst);
        }

        Recovering calm() {
            return new Recovering(this, 1);
        }
    }

    /**
     * The heart rate is coming back.
     *
     * @param count consecutive readings within the recovery band so far
     */
    record Recovering(Firing from, int count) implements HeartRateState {
        Recovering calm() {
            return new Recovering(from, count + 1);
        }

        Recovering unsure() {
            return new Recovering(from, 0);
        }
    }
}
