package com.deloton.gateway.ride.heartrate;

import java.util.List;

/** A result of a reading: what {@link HeartRateWatch} reports. */
public sealed interface HeartRateEvent {
    /**
     * An episode started.
     *
     * @param transitions to pending, then to firing
     */
    record Raised(Episode episode, List<Episode.Transition> transitions) implements HeartRateEvent {}

    /** A raised episode changed its phase or severity. */
    record Changed(Episode episode, Episode.Transition transition) implements HeartRateEvent {}

    /** The heart rate jumped by more than is physiological within a second. The reading counts all the same. */
    record SensorFault(int elapsedS, int fromBpm, int toBpm) implements HeartRateEvent {}
}
