package com.deloton.gateway.ride.heart;

import com.deloton.gateway.ride.heart.Episode.Step;
import java.util.List;

/** What a watch has to tell about a reading. */
public sealed interface Signal {
    /**
     * An episode began.
     *
     * @param steps how it came to it: pending, then firing
     */
    record Raised(Episode episode, List<Step> steps) implements Signal {}

    /** An episode that was raised before went on to another state, or became more severe. */
    record Moved(Episode episode, Step step) implements Signal {}

    /** The heart rate made a step that no heart makes. It still counts by the rule, but is not told to the rider. */
    record SensorFault(int elapsedS, int fromBpm, int toBpm) implements Signal {}
}
