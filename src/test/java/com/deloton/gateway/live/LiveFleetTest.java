package com.deloton.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.IngestBatch.Event;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.heartrate.HeartRateState;
import com.deloton.gateway.telemetry.LogLine.Reason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveFleetTest {
    private static final long T0 = 1_700_000_000_000L;
    private static final int SOURCE = 7;
    private static final long RIDE = 4096 * 100 + SOURCE;

    private final ViewerRegistry viewerRegistry = new ViewerRegistry(new SimpleMeterRegistry());
    private final LiveFleet fleet = new LiveFleet(60_000, T0);
    private final List<JsonObject> published = new ArrayList<>();
    private long now = T0;

    @Test
    void aSilentBikeIsNotInUseAfterHalfAMinuteAndGoneInTheEnd() {
        accept(started(RIDE), measured(RIDE, 1, 120, 100));
        frame();

        now = T0 + 29_999;
        assertThat(frame().getJsonArray("silent")).isEmpty();
        assertThat(new JsonObject(fleet.totals(now)).getInteger("riding")).isEqualTo(1);
        now = T0 + 30_000;
        assertThat(frame().getJsonArray("silent")).isEqualTo(new JsonArray().add(RIDE));
        assertThat(frame().getJsonArray("silent")).isEmpty();
        assertThat(new JsonObject(fleet.totals(now)).getInteger("riding")).isZero();
        assertThat(rides().getJsonObject(0).getBoolean("inUse")).isFalse();

        accept(measured(RIDE, 31, 121, 100));
        assertThat(frame().getJsonArray("ride")).isEqualTo(new JsonArray().add(RIDE));
        assertThat(rides().getJsonObject(0).getBoolean("inUse")).isTrue();

        now += 60_001;
        assertThat(frame().getJsonArray("ended")).isEqualTo(new JsonArray().add(RIDE));
        assertThat(fleet.size()).isZero();
    }

    @Test
    void aFrameHoldsOnlyWhatChangedAndEachRideOnce() {
        accept(started(RIDE), started(RIDE + 4096), measured(RIDE, 1, 120, 100));
        JsonObject first = frame();
        accept(measured(RIDE, 2, 0, 110), measured(RIDE, 3, 123, 111));
        JsonObject second = frame();
        JsonObject third = frame();

        assertThat(first.getJsonArray("started")).hasSize(2);
        assertThat(first.getJsonArray("ride")).isEmpty();
        assertThat(second.getJsonArray("ride")).isEqualTo(new JsonArray().add(RIDE));
        assertThat(second.getJsonArray("hr")).isEqualTo(new JsonArray().add(123));
        assertThat(third.getJsonArray("ride")).isEmpty();
        assertThat(third.getLong("seq")).isEqualTo(first.getLong("seq") + 2);
    }

    @Test
    void valuesThatWereNotMeasuredAreNull() {
        accept(started(RIDE));
        frame();
        accept(new Measured(RIDE, new Reading(1, 0, 0, Reading.ABSENT, Reading.ABSENT, Float.NaN), now * 1_000));
        JsonObject frame = frame();

        for (String column : List.of("hr", "rpm", "res", "w")) {
            assertThat(frame.getJsonArray(column).getValue(0)).as(column).isNull();
        }
    }

    @Test
    void aRestoredPartitionReplacesItsRidesAndNoOthers() {
        long gone = RIDE + 4096;
        long other = 4096 * 5 + SOURCE + 1;
        accept(started(RIDE), started(gone), started(other), measured(RIDE, 1, 120, 100));
        frame();

        accept(new IngestBatch.PartitionRestored(
                SOURCE,
                0,
                List.of(new IngestBatch.OpenRide(
                        started(RIDE), reading(5, 130, 150), now * 1_000, 1.5, HeartRateState.normal()))));
        JsonObject frame = frame();

        assertThat(frame.getJsonArray("ended")).isEqualTo(new JsonArray().add(gone));
        assertThat(frame.getJsonArray("started").getJsonObject(0).getInteger("s"))
                .isEqualTo(5);
        assertThat(frame.getJsonArray("started").getJsonObject(0).getDouble("kj"))
                .isEqualTo(1.5);
        assertThat(fleet.size()).isEqualTo(2);
    }

    @Test
    void aRideThatMovedToAnotherPartitionEndsWithThatPartitionOnly() {
        accept(started(RIDE), measured(RIDE, 1, 120, 100));
        accept(new IngestBatch.RideMoved(
                SOURCE + 1,
                new IngestBatch.OpenRide(
                        started(RIDE), reading(5, 130, 150), now * 1_000, 1.5, HeartRateState.normal())));

        accept(new IngestBatch.PartitionRestored(SOURCE, 0, List.of()));
        assertThat(fleet.size()).isEqualTo(1);
        accept(new IngestBatch.PartitionRestored(SOURCE + 1, 1, List.of()));
        assertThat(fleet.size()).isZero();
    }

    @Test
    void aRideThatComesAndGoesWithinAFrameIsNotShown() {
        accept(started(RIDE), measured(RIDE, 1, 120, 100), new IngestBatch.Ended(RIDE, Ending.COMPLETED));

        assertThat(frame().getJsonArray("started")).isEmpty();
    }

    @Test
    void totalsAreOfRidesInUse() {
        accept(new IngestBatch.RecordQuarantined(Reason.STRAY_TELEMETRY));
        for (int i = 0; i < 5; i++) {
            accept(started(RIDE + i * 4096L), measured(RIDE + i * 4096L, 1, i == 0 ? 0 : 100 + i, 200));
        }
        now = T0 + 2_000;
        JsonObject totals = new JsonObject(fleet.totals(now));

        assertThat(totals.getInteger("riding")).isEqualTo(5);
        assertThat(totals.getInteger("noSignal")).isEqualTo(1);
        assertThat(totals.getInteger("medianHr")).isEqualTo(102);
        assertThat(totals.getDouble("powerKw")).isEqualTo(1.0);
        assertThat(totals.getDouble("readingsPerS")).isEqualTo(2.5);
        assertThat(totals.getInteger("quarantined")).isEqualTo(1);
    }

    @Test
    void foreignTextIsEscaped() {
        String hostile = "</script>\"\\\u2028";
        accept(new Started(RIDE, hostile, null, null, T0 * 1_000, null));

        assertThat(frame().getJsonArray("started").getJsonObject(0).getString("bike"))
                .isEqualTo(hostile);
    }

    private void accept(Event... events) {
        fleet.accept(
                new IngestBatch(List.of(events), false),
                now,
                viewerRegistry,
                (address, body) -> published.add(new JsonObject(body)));
    }

    private JsonObject frame() {
        published.clear();
        fleet.frame(now, true, (address, body) -> published.add(new JsonObject(body)));
        return published.getFirst();
    }

    private JsonArray rides() {
        return new JsonObject(fleet.snapshot(now, true)).getJsonArray("rides");
    }

    private static Started started(long id) {
        return new Started(id, "key", null, "SN1", T0 * 1_000, new HeartRateLimits(40, 180));
    }

    private Measured measured(long id, int second, int bpm, float watts) {
        return new Measured(id, reading(second, bpm, watts), now * 1_000);
    }

    private static Reading reading(int second, int bpm, float watts) {
        return new Reading(second, (T0 + second * 1_000L) * 1_000, bpm, 80, 30, watts);
    }
}
