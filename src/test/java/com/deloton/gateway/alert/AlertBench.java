package com.deloton.gateway.alert;

import com.deloton.gateway.bench.BenchReport;
import com.deloton.gateway.simulate.FleetOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How late alerts are, with bikes in real time of which 1 % of the rides are out of range at a time: from Kafka's timestamp
 * of the reading to the acceptance by the mail server and to the call of a webhook. The kill window is the time from the
 * acceptance to the stored result; a gateway that is killed within it sends one more copy. {@code -Dalert.bikes=1000,10000}
 * are the sizes, {@code -Dalert.rounds} the rounds, {@code -Dalert.warmup} and {@code -Dalert.seconds} the seconds before and of
 * each measurement.
 */
@Tag("bench")
class AlertBench {
    private static final List<Integer> BIKES = Stream.of(
                    System.getProperty("alert.bikes", "1000,10000").split(",", -1))
            .map(Integer::valueOf)
            .toList();
    private static final FleetOptions FLEET = FleetOptions.defaults()
            .withAbnormalHeartRate(0.01)
            .withRideSeconds(60, 90)
            .withPauseSeconds(1, 5);
    private static final int ROUNDS = Integer.getInteger("alert.rounds", 5);
    private static final int WARM_UP_S = Integer.getInteger("alert.warmup", 60);
    private static final int MEASURED_S = Integer.getInteger("alert.seconds", 120);

    @Test
    void fromReadingToMailAndWebhook() throws Exception {
        try (AlertRun run = new AlertRun();
                BenchReport report = BenchReport.of("alert", "bikes")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int bikes : BIKES) {
                    report.add(run.measure(FLEET.withBikes(bikes), WARM_UP_S, MEASURED_S));
                }
            }
        }
    }
}
