package com.deloton.gateway.ingest.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.IngestBatch.Ended;
import com.deloton.gateway.event.IngestBatch.Event;
import com.deloton.gateway.event.IngestBatch.HeartRateChanged;
import com.deloton.gateway.event.IngestBatch.Measured;
import com.deloton.gateway.event.IngestBatch.OpenRide;
import com.deloton.gateway.event.IngestBatch.PartitionRestored;
import com.deloton.gateway.event.IngestBatch.RecordQuarantined;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.fleet.FleetChanges.Change;
import com.deloton.gateway.ingest.fleet.FleetRecord.Frame;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideState;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.Rider.Address;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import com.deloton.gateway.ride.heartrate.Episode.Transition;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRateState;
import com.deloton.gateway.telemetry.LogLine.Reason;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From the events of the process that ingests to those of a process that reads the fleet topic. */
class FleetTopicTest {
    private static final int SOURCES = 3;
    private static final int RIDES = 4;
    private static final long REFRESH = FleetChanges.REFRESH.toMillis();
    private static final HeartRateLimits LIMITS = new HeartRateLimits(50, 180);

    private final FleetChanges changes = new FleetChanges();
    private final List<Event> read = new ArrayList<>();
    private final FleetReader reader = new FleetReader(read);
    private long now = 1_000_000;

    /** An event, or null for a write. */
    @Provide
    Arbitrary<List<@Nullable Event>> histories() {
        Arbitrary<Long> ride = Combinators.combine(
                        Arbitraries.integers().between(0, SOURCES - 1),
                        Arbitraries.integers().between(1, RIDES))
                .as((source, n) -> RideIds.of(n, source));
        Arbitrary<Reading> reading = Combinators.combine(
                        Arbitraries.integers().between(0, 5_000),
                        Arbitraries.integers().between(30, 250).injectNull(0.2),
                        Arbitraries.integers().between(0, 250).injectNull(0.2),
                        Arbitraries.integers().between(0, 255).injectNull(0.2),
                        Arbitraries.integers().between(0, 3_000).injectNull(0.2))
                .as((s, hr, rpm, res, w) -> new Reading(
                        s,
                        s * 1_000_000L,
                        hr == null ? 0 : hr,
                        rpm == null ? Reading.ABSENT : rpm,
                        res == null ? Reading.ABSENT : res,
                        w == null ? Float.NaN : (float) (int) w));
        Arbitrary<Event> event = Arbitraries.frequencyOf(
                Tuple.of(12, Combinators.combine(ride, reading).as((id, r) -> new Measured(id, r, r.atMicros() + 7))),
                Tuple.of(4, ride.map(FleetTopicTest::started)),
                Tuple.of(2, ride.map(id -> new Ended(id, Ending.COMPLETED))),
                Tuple.of(
                        3,
                        Combinators.combine(ride, Arbitraries.of(Phase.values()))
                                .as((id, phase) -> new HeartRateChanged(id, changed(phase)))),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        Arbitraries.integers().between(0, SOURCES - 1),
                                        reading,
                                        Arbitraries.of(true, false))
                                .as((source, last, any) -> new PartitionRestored(
                                        source,
                                        source,
                                        any ? List.of(openRide(RideIds.of(1, source), last)) : List.of()))));
        return event.injectNull(0.2).list().ofMaxSize(60);
    }

    @Property(tries = 500)
    void aReaderHasTheRidesOfTheWriterAlsoIfItBeginsLater(@ForAll("histories") List<@Nullable Event> history) {
        for (int source = 0; source < SOURCES; source++) {
            changes.accept(batch(new PartitionRestored(source, source, List.of())));
        }
        List<Event> late = new ArrayList<>();
        FleetReader lateReader = new FleetReader(late);
        Model written = new Model();
        for (Event event : history) {
            if (event == null) {
                write(reader);
            } else {
                changes.accept(batch(event));
                written.accept(event);
            }
        }
        write(reader);
        now += REFRESH;
        write(reader, lateReader);

        assertThat(Model.of(late).rides).isEqualTo(written.rides);
        assertThat(Model.of(read).rides).isEqualTo(written.rides);
    }

    @Test
    void everyReadingAndQuarantinedRecordArrivesOnce() {
        long ride = RideIds.of(7, 0);
        changes.accept(batch(new PartitionRestored(0, 5, List.of()), started(ride)));
        write(reader);
        List<Event> sent = new ArrayList<>();
        for (int s = 1; s <= 25_000; s++) {
            sent.add(new Measured(ride, new Reading(s, s, 120, 80, 30, 99.5f), s));
        }
        sent.add(new RecordQuarantined(Reason.BAD_NUMBER));
        changes.accept(new IngestBatch(sent, false));
        write(reader);
        write(reader);

        assertThat(read.subList(1, read.size())).isEqualTo(sent);
    }

    @Test
    void onlyAChangeOfAnAlertIsUrgent() {
        long ride = RideIds.of(7, 0);
        assertThat(changes.accept(batch(new PartitionRestored(0, 0, List.of()), started(ride))))
                .isFalse();
        assertThat(changes.accept(batch(new HeartRateChanged(ride, new HeartRateEvent.SensorFault(1, 100, 180)))))
                .isFalse();
        assertThat(changes.accept(batch(new HeartRateChanged(ride, changed(Phase.FIRING)))))
                .isTrue();
    }

    @Test
    void ridesOfALostPartitionAreLeftToItsNewOwner() {
        changes.accept(batch(
                new PartitionRestored(0, 10, List.of()),
                new PartitionRestored(1, 11, List.of()),
                started(RideIds.of(1, 0)),
                started(RideIds.of(1, 1))));
        List<Change> kept = changes.drain(now, partition -> partition == 11);
        now += REFRESH;
        List<Change> later = changes.drain(now, partition -> partition == 11);

        assertThat(kept).extracting(Change::sourceId).containsExactly(1);
        assertThat(later).extracting(Change::sourceId).containsExactly(1);
    }

    @Test
    void aRideThatMovedIsWrittenWhileItsPresentPartitionIsIngested() {
        long ride = RideIds.of(1, 0);
        changes.accept(batch(
                new PartitionRestored(0, 10, List.of()),
                new PartitionRestored(1, 11, List.of()),
                started(ride),
                new IngestBatch.RideMoved(1, openRide(ride, null)),
                new PartitionRestored(0, 10, List.of())));
        List<Change> kept = changes.drain(now, partition -> partition == 11);
        now += REFRESH;

        assertThat(kept).extracting(Change::sourceId).containsExactly(0);
        assertThat(kept.getFirst().record()).isInstanceOf(RideState.class);
        assertThat(changes.drain(now, partition -> partition == 10)).isEmpty();
    }

    @Test
    void aFailedWriteIsRepeatedWithTheLatestState() {
        long ride = RideIds.of(1, 0);
        changes.accept(batch(new PartitionRestored(0, 0, List.of()), started(ride)));
        changes.drain(now, partition -> true);
        changes.accept(batch(new Measured(ride, new Reading(3, 3, 120, 80, 30, 100), 3)));
        changes.drain(now, partition -> true);
        changes.writeAll();
        write(reader);

        assertThat(read).singleElement().isInstanceOfSatisfying(OpenRide.class, open -> {
            assertThat(open.last()).isEqualTo(new Reading(3, 3, 120, 80, 30, 100));
            assertThat(open.energyKj()).isCloseTo(0.1, within(1e-9));
        });
    }

    @Test
    void waitingReadingsAreBounded() {
        long ride = RideIds.of(1, 0);
        changes.accept(batch(new PartitionRestored(0, 0, List.of()), started(ride)));
        changes.drain(now, partition -> true);
        for (int s = 0; s < FleetChanges.MAX_WAITING + 10_000; s++) {
            changes.accept(batch(new Measured(ride, new Reading(s % 80_000, s, 0, 0, 0, 0), s)));
        }
        List<FleetRecord> drained = changes.drain(now, partition -> true).stream()
                .map(Change::record)
                .toList();
        long readings = drained.stream()
                .mapToLong(record ->
                        record instanceof Frame frame ? frame.measured().size() : 0)
                .sum();

        assertThat(readings).isEqualTo(FleetChanges.MAX_WAITING);
        assertThat(drained)
                .last()
                .isInstanceOfSatisfying(
                        RideState.class, state -> assertThat(state.replaces()).isTrue());
    }

    @Test
    void aRideThatItsWriterForgotEnds() {
        long forgotten = RideIds.of(1, 0);
        reader.accept(new RideState(openRide(forgotten, null), List.of(), false), now);
        reader.accept(new RideState(openRide(RideIds.of(2, 0), null), List.of(), false), now + 3 * REFRESH);
        reader.endGone();
        assertThat(read).doesNotHaveAnyElementsOfTypes(Ended.class);

        reader.accept(new RideState(openRide(RideIds.of(2, 0), null), List.of(), false), now + 3 * REFRESH + 1);
        reader.endGone();
        assertThat(read).last().isEqualTo(new Ended(forgotten, Ending.ABANDONED));
        assertThat(reader.rides()).isEqualTo(1);
    }

    @Test
    void unknownKindsAreSkipped() {
        assertThat(FleetCodec.decode(new byte[] {9, 1, 2})).isNull();
        assertThat(FleetCodec.decode(new byte[0])).isNull();
    }

    private void write(FleetReader... readers) {
        now += 500;
        for (Change change : changes.drain(now, partition -> true)) {
            for (FleetReader to : readers) {
                to.accept(wire(change.record()), now);
            }
        }
    }

    /** Through the bytes of the topic. */
    private static FleetRecord wire(FleetRecord record) {
        FleetRecord decoded = switch (record) {
            case RideState state -> FleetCodec.decode(FleetCodec.encode(state));
            case Frame frame -> FleetCodec.decode(FleetCodec.encode(frame));
            case FleetRecord.RideEnded end ->
                new FleetRecord.RideEnded(FleetCodec.rideOf(FleetCodec.rideKey(end.rideId())), end.ending());
        };
        return Objects.requireNonNull(decoded);
    }

    private static IngestBatch batch(Event... events) {
        return new IngestBatch(List.of(events), false);
    }

    private static Started started(long ride) {
        Rider rider = new Rider(
                ride,
                null,
                "Zoë <b>\"" + ride,
                Gender.FEMALE,
                LocalDate.of(1980, 2, 29),
                null,
                new Address(null, null, null, null),
                null,
                null,
                null,
                null);
        return new Started(ride, "key", ride % 2 == 0 ? rider : null, ride % 3 == 0 ? "SN" : null, ride, LIMITS);
    }

    private static OpenRide openRide(long ride, @Nullable Reading last) {
        return new OpenRide(started(ride), last, ride, 1.5, HeartRateState.normal());
    }

    private static HeartRateEvent changed(Phase phase) {
        Episode episode = new Episode(Rule.RANGE, 3, 3, 5, 5, 190, true, LIMITS, Severity.WARNING, null);
        Transition step = new Transition(phase, 6, 6, 191, 180, 195, Severity.CRITICAL);
        return phase == Phase.PENDING
                ? new HeartRateEvent.Raised(episode, List.of(step))
                : new HeartRateEvent.Changed(episode, step);
    }

    /** The open rides after a list of events: start, last reading, energy in joules and phase. */
    private static final class Model {
        private record State(Started started, @Nullable Reading last, long joules, Phase phase) {
            private static State of(Started started) {
                return new State(started, null, 0, Phase.NORMAL);
            }

            private static State of(OpenRide ride) {
                Phase phase = switch (ride.heart()) {
                    case HeartRateState.Firing f -> Phase.FIRING;
                    case HeartRateState.Recovering r -> Phase.RECOVERING;
                    case HeartRateState.Normal n -> Phase.NORMAL;
                    case HeartRateState.Pending p -> Phase.NORMAL;
                };
                return new State(ride.started(), ride.last(), Math.round(ride.energyKj() * 1_000), phase);
            }

            private State with(Reading reading) {
                return new State(
                        started,
                        last == null || reading.elapsedS() >= last.elapsedS() ? reading : last,
                        joules + (reading.hasPower() ? Math.round(reading.powerW()) : 0),
                        phase);
            }

            private State with(Phase changed) {
                return new State(
                        started,
                        last,
                        joules,
                        changed == Phase.FIRING || changed == Phase.RECOVERING ? changed : Phase.NORMAL);
            }
        }

        private final Map<Long, State> rides = new HashMap<>();

        static Model of(List<Event> events) {
            Model model = new Model();
            events.forEach(model::accept);
            return model;
        }

        void accept(Event event) {
            switch (event) {
                case Started s -> rides.put(s.rideId(), State.of(s));
                case OpenRide r -> rides.put(r.started().rideId(), State.of(r));
                case IngestBatch.RideMoved m -> rides.put(m.ride().started().rideId(), State.of(m.ride()));
                case Measured m -> rides.computeIfPresent(m.rideId(), (id, state) -> state.with(m.reading()));
                case HeartRateChanged c ->
                    rides.computeIfPresent(
                            c.rideId(),
                            (id, state) -> state.with(
                                    switch (c.signal()) {
                                        case HeartRateEvent.Raised raised ->
                                            raised.transitions().getLast().phase();
                                        case HeartRateEvent.Changed changed ->
                                            changed.transition().phase();
                                        case HeartRateEvent.SensorFault fault -> state.phase();
                                    }));
                case Ended e -> rides.remove(e.rideId());
                case PartitionRestored r -> {
                    rides.keySet().removeIf(id -> RideIds.sourceId(id) == r.sourceId());
                    r.rides().forEach(this::accept);
                }
                case RecordQuarantined q -> {}
            }
        }
    }
}
