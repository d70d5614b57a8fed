package com.deloton.gateway.ride;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RideSeriesTest {
    private static final long START = 1_800_000_000_000_000L;

    @Property
    void aSeriesHasExactlyTheReadingsThatWereAdded(@ForAll("readings") List<Reading> readings) {
        RideSeries series = new RideSeries();
        TreeMap<Integer, Reading> added = new TreeMap<>();
        for (Reading reading : readings) {
            if (!added.containsKey(reading.elapsedS())) {
                series.add(reading);
                added.put(reading.elapsedS(), reading);
            }
        }

        assertThat(series.readings()).isEqualTo(added.size());
        assertThat(series.firstS()).isEqualTo(added.firstKey());
        assertThat(series.lastS()).isEqualTo(added.lastKey());
        for (int s = added.firstKey() - 1; s <= added.lastKey() + 1; s++) {
            assertThat(series.has(s)).isEqualTo(added.containsKey(s));
        }
        for (Map.Entry<Integer, Reading> each : added.entrySet()) {
            assertThat(series.get(each.getKey())).isEqualTo(each.getValue());
        }
    }

    @Property
    void aCompletedReadingKeepsItsTime(@ForAll("readings") List<Reading> readings) {
        Reading first = readings.getFirst();
        Reading values = readings.getLast();
        RideSeries series = new RideSeries();
        series.add(first);

        series.complete(at(first.elapsedS(), first.atMicros() + 7_000_000, values));

        assertThat(series.get(first.elapsedS())).isEqualTo(at(first.elapsedS(), first.atMicros(), values));
    }

    @Example
    void aSecondBeforeTheFirstMovesTheOthers() {
        RideSeries series = new RideSeries();
        Reading late = new Reading(100, START + 100_000_000, 120, 70, 30, 150f);
        Reading early = new Reading(3, START + 3_000_000, 0, Reading.ABSENT, Reading.ABSENT, Float.NaN);

        series.add(late);
        series.add(early);

        assertThat(series.get(3)).isEqualTo(early);
        assertThat(series.get(100)).isEqualTo(late);
        assertThat(series.has(50)).isFalse();
        assertThat(series.powerOrZeroAt(0)).isZero();
        assertThat(series.powerOrZeroAt(97)).isEqualTo(150f);
    }

    private static Reading at(int elapsedS, long atMicros, Reading values) {
        return new Reading(
                elapsedS, atMicros, values.heartRateBpm(), values.cadenceRpm(), values.resistance(), values.powerW());
    }

    /** All values that a cleaned reading may have, at a time exact to the millisecond. */
    @Provide
    Arbitrary<List<Reading>> readings() {
        Arbitrary<Integer> heartRate =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(30, 250));
        Arbitrary<Integer> cadence = orAbsent(Arbitraries.integers().between(0, 250));
        Arbitrary<Integer> resistance = orAbsent(Arbitraries.integers().between(0, 255));
        Arbitrary<Float> power =
                Arbitraries.floats().between(0, 3_000).injectNull(0.2).map(p -> p == null ? Float.NaN : p);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 600),
                        Arbitraries.integers().between(-90_000, 90_000),
                        heartRate,
                        cadence,
                        resistance,
                        power)
                .as((second, delayMs, bpm, rpm, setting, watts) ->
                        new Reading(second, START + second * 1_000_000L + delayMs * 1_000L, bpm, rpm, setting, watts))
                .list()
                .ofMinSize(1)
                .ofMaxSize(200);
    }

    private static Arbitrary<Integer> orAbsent(Arbitrary<Integer> values) {
        return Arbitraries.oneOf(Arbitraries.just(Reading.ABSENT), values);
    }
}
