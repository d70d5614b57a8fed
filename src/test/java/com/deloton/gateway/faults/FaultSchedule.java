package com.deloton.gateway.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults of a run, one after the other. Equal seeds give equal schedules.
 *
 * @param gateways how many there are, 1 to 3
 * @param end what happens to the topic after the comparison
 */
record FaultSchedule(long seed, int gateways, List<Step> steps, TopicChange end) {
    /**
     * @param calm the time before the fault
     * @param length how long it lasts
     * @param stops whether a gateway is stopped by SIGTERM while it lasts
     */
    record Step(Fault fault, Duration calm, Duration length, boolean stops) {}

    /** Draws {@code count} of these faults, none twice before each has occurred once, and one of these ends. */
    static FaultSchedule draw(long seed, int count, List<Fault> faults, Duration longest, List<TopicChange> ends) {
        Random random = new Random(seed);
        int gateways = 1 + random.nextInt(3);
        List<Fault> deck = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        while (steps.size() < count) {
            if (deck.isEmpty()) {
                deck.addAll(faults);
                Collections.shuffle(deck, random);
            }
            steps.add(new Step(
                    deck.removeLast(),
                    Duration.ofMillis(500 + random.nextInt(1_500)),
                    Duration.ofMillis(1_000 + random.nextInt((int) longest.toMillis() - 1_000)),
                    random.nextInt(4) == 0));
        }
        return new FaultSchedule(seed, gateways, List.copyOf(steps), ends.get(random.nextInt(ends.size())));
    }
}
