package com.deloton.gateway.ride.heartrate;

import java.util.List;

/** What a watch has to tell about a reading. */
public sealed interface HeartRateEvent {
    /**
     * An episode began.
     *
     * @param steps how it came to it: pending, then firing
     */
    record Raised(Episode episode, List<Episode.Transition> steps) implements HeartRateEvent {}

    /** An episode that was raised before went on to another state, or became more severe. */
    record Changed(Episode episode, Episode.Transition step) implements HeartRateEvent {}

    /** The heart rate made a step that no heart makes. It still counts by the rule, but is not told to the rider. */
    record SensorFault(int elapsedS, int fromBpm, int toBpm) implements HeartRateEvent {}
}
