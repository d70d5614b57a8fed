package com.deloton.gateway.simulate;

import com.deloton.gateway.simulate.model.BikePower;
import com.deloton.gateway.simulate.model.SimulatedRider;
import com.deloton.gateway.simulate.model.WireFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Six bikes with a script of {@value #ACT_S} s, which repeats. In each act all ride, and
 *
 * <ul>
 *   <li>the heart rate of the first rider is far above the range from 0:18 to 0:40, so that an alert is raised at 0:20;
 *   <li>the second rider's sensor measures nothing from 0:45 to 1:05;
 *   <li>the third rider's ride ends at 1:15, and another begins;
 *   <li>from 1:30 to 1:45 the bikes cannot reach the broker; their records are sent at 1:45.
 * </ul>
 *
 * <p>Each call of {@link #second} is one second of the script.
 */
final class Story {
    static final int ACT_S = 120;
    static final int ALERT_S = 20;
    static final int AWAY_S = 90;
    static final int BACK_S = 105;
    private static final int LAST_READING_S = 117;
    private static final int END_S = 75;
    private static final int NEXT_RIDE_S = 78;
    private static final int RESISTANCE = 35;
    private static final long HALF_SECOND_MICROS = 500_000;

    private static final List<String> NAMES =
            List.of("Ada Byron", "Tom Kilburn", "Grace Hopper", "Alan Turing", "Edith Clarke", "Konrad Zuse");

    private final LocalDate today;
    private final List<SimulatedRider> riders = new ArrayList<>();

    /** @param start of the first act; the riders' ages are as of that day */
    Story(Instant start) {
        today = start.atZone(ZoneOffset.UTC).toLocalDate();
        for (int i = 0; i < NAMES.size(); i++) {
            riders.add(new SimulatedRider(
                    1 + i,
                    NAMES.get(i),
                    i % 2 == 0 ? "female" : "male",
                    "%d High Street,London,E1 1AA".formatted(1 + i),
                    today.minusYears(28 + 6L * i),
                    "rider%d@example.com".formatted(1 + i),
                    170,
                    65,
                    today.minusYears(2),
                    "direct"));
        }
    }

    /** A record and the bike that sends it. */
    @SuppressWarnings({"ArrayRecordComponent", "AvoidCommonTypeNames"})
    record Record(String bike, byte[] value) {}

    /** Whether the bikes reach the broker in that second, counted from the start of the story. */
    static boolean isConnected(long second) {
        long phase = second % ACT_S;
        return phase < AWAY_S || phase >= BACK_S;
    }

    /**
     * The records of a second.
     *
     * @param second counted from 0 at the start of the story
     * @param atMicros the time of that second, epoch micros
     */
    List<Record> second(long second, long atMicros) {
        int phase = (int) (second % ACT_S);
        List<Record> records = new ArrayList<>();
        for (int bike = 0; bike < riders.size(); bike++) {
            int begin = bike == 2 && phase >= END_S ? NEXT_RIDE_S : 0;
            if (phase == begin) {
                logOn(records, bike, atMicros);
            } else if (phase > begin && phase <= LAST_READING_S) {
                reading(records, bike, phase, phase - begin, atMicros);
            }
            if (phase == LAST_READING_S + 1 || (bike == 2 && phase == END_S)) {
                add(records, bike, WireFormat.BEGINNING_OF_MAIN);
            }
        }
        return records;
    }

    private void logOn(List<Record> records, int bike, long atMicros) {
        add(records, bike, WireFormat.BEGINNING_OF_MAIN);
        add(records, bike, WireFormat.BEGINNING_OF_RIDE);
        add(records, bike, WireFormat.gettingUserData(atMicros));
        String payload = WireFormat.compactObject(riders.get(bike).payload(serial(bike)));
        add(records, bike, WireFormat.system(atMicros, payload));
    }

    private void reading(List<Record> records, int bike, int phase, int elapsedS, long atMicros) {
        int cadence = 70 + 2 * bike + phase % 5;
        int heartRate = heartRate(bike, phase);
        add(records, bike, WireFormat.ride(atMicros - HALF_SECOND_MICROS, elapsedS, RESISTANCE));
        double watts = BikePower.watts(RESISTANCE, cadence);
        add(records, bike, WireFormat.telemetry(atMicros, heartRate, cadence, watts));
    }

    /** In bpm; 0 if the sensor measures nothing. */
    private int heartRate(int bike, int phase) {
        if (bike == 1 && phase >= 45 && phase < 65) {
            return 0;
        }
        if (bike == 0 && phase >= ALERT_S - 2 && phase < 40) {
            return riders.get(bike).maximumBpm(today) + 25;
        }
        return 112 + 3 * bike + (int) Math.round(8 * Math.sin(phase / 9.0 + bike));
    }

    private static void add(List<Record> records, int bike, String line) {
        records.add(new Record(serial(bike), WireFormat.record(line)));
    }

    private static String serial(int bike) {
        return "STORY" + (1 + bike);
    }
}
