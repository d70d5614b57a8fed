package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.RideEvent;
import com.deloton.gateway.ride.RideTracker;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import com.deloton.gateway.telemetry.LogLine.Unusable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** All state of a partition: its bikes' streams and what the next flush will write. Confined to one thread. */
public final class Partition {
    private static final int TYPICAL_RECORD_BYTES = 128;
    /** Records whose streams are read from memory at once; their state fits the fastest cache. */
    private static final int GROUP = 32;

    private final int number;
    private final Position position;
    private final PartitionTools tools;
    private final StreamMap streams = new StreamMap();
    private final HeldRecords held;
    private final CaughtUpTime caughtUp;

    private long nextOffset;
    private long flushedOffset;
    private long flushNo;
    private long lastRecordAt;
    private int records;
    private int quarantinedBytes;
    private long oldestArrival;
    private final List<BikeStream> changed = new ArrayList<>();
    private List<FlushBatch.Started> started = new ArrayList<>();
    private List<FlushBatch.Ended> ended = new ArrayList<>();
    private List<FlushBatch.QuarantinedRecord> quarantined = new ArrayList<>();
    private List<RideHeartRateEvent> heartRateEvents = new ArrayList<>();
    private long recordAt;
    private long now;
    /** Keeps the reads of {@link RideTracker#touch} from being optimised away. */
    @SuppressWarnings("UnusedVariable") // only its writes matter
    private int touched;

    /** Not counted yet. */
    private int readings;

    /**
     * The position in the warehouse, and the ownership under which it may be moved.
     *
     * @param flushNo of the latest flush
     */
    public record Position(int sourceId, long epoch, long flushNo, long nextOffset, long lastRecordAtMicros) {
        /** The {@code lastRecordAtMicros} of a partition none of whose records was read yet: earlier than any time. */
        public static final long NO_RECORD = Long.MIN_VALUE / 2;
    }

    /** An open ride as the warehouse has it. */
    public record RestoredRide(String streamKey, Ride ride, PendingRideLine pendingLine) {}

    /**
     * @param readFrom the offset of the next record to come; beyond {@code position} only if records were lost
     */
    public Partition(int number, long readFrom, Recovery.State state, PartitionTools tools) {
        this.number = number;
        position = state.position();
        this.tools = tools;
        nextOffset = readFrom;
        flushedOffset = position.nextOffset();
        flushNo = position.flushNo();
        lastRecordAt = position.lastRecordAtMicros();
        long now = System.nanoTime();
        caughtUp = new CaughtUpTime(now);
        List<IngestBatch.OpenRide> restored = new ArrayList<>();
        for (RestoredRide ride : state.open()) {
            restored.add(restore(ride, now));
        }
        tools.events().add(new IngestBatch.PartitionRestored(position.sourceId(), number, restored));
        held = new HeldRecords(state.held());
        for (RestoredRide ride : state.open()) {
            release(ride.streamKey());
        }
    }

    private IngestBatch.OpenRide restore(RestoredRide ride, long arrival) {
        HeartRateWatch watch = tools.heartRate().watch(ride.ride());
        streams.restore(
                new BikeStream(ride.streamKey(), ride.ride(), ride.pendingLine(), lastRecordAt, watch, arrival));
        return IngestBatch.OpenRide.of(ride.ride(), ride.streamKey(), watch, lastRecordAt);
    }

    public int number() {
        return number;
    }

    public long epoch() {
        return position.epoch();
    }

    public long nextOffset() {
        return nextOffset;
    }

    /** The position in the warehouse when this state was restored from it. */
    public long restoredOffset() {
        return position.nextOffset();
    }

    /** Unflushed data, in records of typical size. */
    public int buffered() {
        return records + quarantined();
    }

    /** Bytes for the quarantine that are not flushed, in records of typical size. */
    public int quarantined() {
        return quarantinedBytes / TYPICAL_RECORD_BYTES;
    }

    /** {@link System#nanoTime} when the first record of the next batch arrived; null if there is none. */
    public @Nullable Long oldestArrival() {
        return records == 0 ? null : (Long) oldestArrival;
    }

    /** Streams in memory: those with an open ride, and those with records since the last flush. */
    public int streams() {
        return streams.size();
    }

    /**
     * Takes records in the order of their offsets; those before {@link #nextOffset} are ignored.
     *
     * @param nowMicros the time of day, which bounds the records' times
     * @param arrival {@link System#nanoTime} at which they arrived
     */
    public void accept(List<ConsumerRecord<byte[], byte[]>> polled, long nowMicros, long arrival) {
        for (int from = 0; from < polled.size(); from += GROUP) {
            List<ConsumerRecord<byte[], byte[]>> group = polled.subList(from, Math.min(polled.size(), from + GROUP));
            for (ConsumerRecord<byte[], byte[]> record : group) {
                touched += streams.touch(record.key());
            }
            for (ConsumerRecord<byte[], byte[]> record : group) {
                if (record.offset() >= nextOffset) {
                    nextOffset = record.offset() + 1;
                    if (records++ == 0) {
                        oldestArrival = arrival;
                    }
                    accept(record, nowMicros, arrival);
                }
            }
        }
        tools.meters().readings(readings);
        readings = 0;
    }

    private void accept(ConsumerRecord<byte[], byte[]> record, long nowMicros, long arrival) {
        now = nowMicros;
        recordAt = RideTracker.receivedAtMicros(record.timestamp(), nowMicros);
        lastRecordAt = Math.max(lastRecordAt, recordAt);
        byte[] value = record.value();
        LogLine line = tools.parser().parse(value);
        if (line instanceof Unusable unusable) {
            quarantine(record.offset(), StreamKeys.text(record.key()), value, unusable.reason(), unusable.detail());
            return;
        }
        BikeStream stream = streams.get(record.key());
        if (stream == null && !isHeld(record, line, arrival)) {
            stream = streams.get(record.key());
            if (stream == null && hasRoom(record.offset(), StreamKeys.text(record.key()), value)) {
                stream = streams.add(record.key());
            }
        }
        if (stream != null) {
            take(stream, record.offset(), value, line, arrival);
        }
    }

    /** Holds a record whose key may have an open ride elsewhere. Without room, the held records of the key are used. */
    private boolean isHeld(ConsumerRecord<byte[], byte[]> record, LogLine line, long arrival) {
        String key = StreamKeys.text(record.key());
        if (key == null || key.isEmpty() || !(held.has(key) || tools.growth().concerns(line))) {
            return false;
        }
        if (held.hasRoom(key)) {
            held.add(new FlushBatch.HeldRecord(record.offset(), recordAt, key, record.value(), arrival));
            return true;
        }
        tools.meters().heldKeyGivenUp();
        held.logRefusal(number, record.offset());
        long at = recordAt;
        release(key);
        recordAt = at;
        return false;
    }

    /** Whether another stream is allowed; quarantines the record if not. */
    private boolean hasRoom(long offset, @Nullable String key, byte[] value) {
        if (streams.size() < tools.maxStreams()) {
            return true;
        }
        quarantine(
                offset,
                key,
                value,
                Reason.TOO_MANY_STREAMS,
                "%d streams are open, the most allowed by ingest.max-streams-per-partition".formatted(streams.size()));
        return false;
    }

    private void take(BikeStream stream, long offset, byte[] value, LogLine line, long arrival) {
        stream.lastArrival = arrival;
        stream.lastOffset = offset;
        touch(stream);
        long rideId = RideIds.of(offset, position.sourceId());
        for (RideEvent event : stream.tracker.accept(rideId, recordAt, line)) {
            switch (event) {
                case RideEvent.Rejected rejected ->
                    quarantine(
                            offset,
                            stream.key.isEmpty() ? null : stream.key,
                            value,
                            rejected.reason(),
                            rejected.detail());
                case RideEvent.Started start -> started(stream, start.ride(), value);
                default -> apply(stream, event);
            }
        }
    }

    private void touch(BikeStream stream) {
        if (!stream.changed) {
            stream.changed = true;
            changed.add(stream);
        }
    }

    private void quarantine(long offset, @Nullable String key, byte @Nullable [] value, Reason reason, String detail) {
        tools.meters().quarantined(reason);
        tools.events().add(new IngestBatch.RecordQuarantined(reason));
        quarantinedBytes += value == null ? 0 : value.length;
        quarantined.add(new FlushBatch.QuarantinedRecord(
                offset, recordAt, key, reason.name(), detail.replace('\0', '\uFFFD'), value));
    }

    /** The keys whose records wait. */
    public List<HeldRecords.Key> heldKeys() {
        return held.keys();
    }

    /** The number of records that wait for the open ride of their key. */
    public int heldRecords() {
        return held.size();
    }

    /** Uses the held records of a key. */
    public void release(String key) {
        long now = System.nanoTime();
        BikeStream stream = streams.restored(key);
        for (FlushBatch.HeldRecord record : held.release(key)) {
            recordAt = record.recordAtMicros();
            if (stream == null && hasRoom(record.offset(), key, record.value())) {
                stream = new BikeStream(key);
                streams.restore(stream);
            }
            if (stream != null) {
                take(stream, record.offset(), record.value(), tools.parser().parse(record.value()), now);
            }
        }
    }

    /** Continues a ride that the warehouse now has in this partition, with the held records of its key. */
    public void adopt(RestoredRide ride) {
        if (!held.has(ride.streamKey())) {
            throw new IllegalStateException("ride " + ride.ride().id() + " moved to a key that does not wait for it");
        }
        tools.events().add(new IngestBatch.RideMoved(position.sourceId(), restore(ride, System.nanoTime())));
        release(ride.streamKey());
    }

    /** Moves the position over offsets without records: markers of transactions, records that were compacted away. */
    public void advanceTo(long offset) {
        nextOffset = Math.max(nextOffset, offset);
    }

    /**
     * Ends the rides of bikes none of whose records has arrived for {@code silence}, as far as the partition is read.
     *
     * @param end the partition's end, by {@link System#nanoTime} at {@code endAt}
     */
    public void abandonSilent(Duration silence, long end, long endAt) {
        caughtUp.observe(end, endAt, nextOffset);
        for (BikeStream stream : streams.all()) {
            if (caughtUp.nanos() - stream.lastArrival > silence.toNanos()) {
                stream.tracker.abandon().forEach(event -> apply(stream, event));
                touch(stream);
            }
        }
        tools.meters().readings(readings);
        readings = 0;
    }

    /**
     * Drops a ride that the warehouse has refused, once the data that it has by now is handed out; the next line of its
     * stream begins another.
     */
    public void dropRide(long rideId) {
        for (BikeStream stream : streams.all()) {
            if (stream.isOpen(rideId)) {
                stream.refusedRide = rideId;
                if (!stream.changed) {
                    streams.remove(stream);
                }
            }
        }
    }

    /** Hands out all data since the last call; null if there is none. */
    public @Nullable FlushBatch takeBatch() {
        if (nextOffset == flushedOffset && changed.isEmpty() && !held.isChanged()) {
            return null;
        }
        List<BikeStream.Chunk> chunks = new ArrayList<>(changed.size());
        changed.forEach(stream -> stream.takeChunks(nextOffset, chunks));
        FlushBatch batch = new FlushBatch(
                number,
                position.sourceId(),
                position.epoch(),
                ++flushNo,
                flushedOffset,
                nextOffset,
                lastRecordAt,
                records,
                oldestArrival(),
                started,
                chunks,
                ended,
                quarantined,
                held.takeUnstored(),
                held.takeReleased(),
                heartRateEvents);
        clear();
        return batch;
    }

    /** Discards all data since the last call: for a reader that writes nothing. */
    public void discardBatch() {
        changed.forEach(BikeStream::discardChunks);
        held.takeUnstored();
        held.takeReleased();
        clear();
    }

    private void clear() {
        for (BikeStream stream : changed) {
            stream.changed = false;
            if (stream.tracker.ride() == null || stream.isOpen(stream.refusedRide)) {
                streams.remove(stream);
            }
        }
        flushedOffset = nextOffset;
        records = 0;
        quarantinedBytes = 0;
        changed.clear();
        started = new ArrayList<>();
        ended = new ArrayList<>();
        quarantined = new ArrayList<>();
        heartRateEvents = new ArrayList<>();
    }

    private void apply(BikeStream stream, RideEvent event) {
        switch (event) {
            case RideEvent.Measured measured -> measured(stream, measured.ride(), measured.reading());
            case RideEvent.Ended end -> ended(stream, end.ride(), end.ending());
            case RideEvent.Cleaned cleaned -> tools.meters().cleaned(cleaned.cleaning());
            case RideEvent.Started start -> throw new IllegalStateException("no record starts " + start);
            case RideEvent.Rejected rejected -> throw new IllegalStateException("no record to quarantine: " + rejected);
        }
    }

    private void started(BikeStream stream, Ride ride, byte @Nullable [] value) {
        HeartRateWatch watch = tools.heartRate().watch(ride);
        stream.start(watch);
        started.add(new FlushBatch.Started(ride, stream.key, watch.limits(), recordAt, value));
        tools.events().add(IngestBatch.Started.of(ride, stream.key, watch));
    }

    private void measured(BikeStream stream, Ride ride, Reading reading) {
        stream.add(reading);
        if (stream.watch != null) {
            report(stream, ride, receivedAt(reading), stream.watch.accept(reading));
        }
        readings++;
        tools.events().add(new IngestBatch.Measured(ride.id(), reading, recordAt));
    }

    /** A producer whose clock is slow does not make the reading of a moment ago an old one. */
    private long receivedAt(Reading reading) {
        long measuredAt = reading.atMicros();
        return measuredAt <= now ? Math.max(recordAt, measuredAt) : recordAt;
    }

    private void report(BikeStream stream, Ride ride, long receivedAt, List<HeartRateEvent> changes) {
        heartRateEvents.addAll(tools.heartRate().accept(stream.key, ride, receivedAt, changes));
        for (HeartRateEvent change : changes) {
            tools.events().add(new IngestBatch.HeartRateChanged(ride.id(), change));
        }
    }

    private void ended(BikeStream stream, Ride ride, Ending ending) {
        boolean empty = ride.series().readings() == 0;
        HeartRateWatch watch = stream.watch;
        if (watch != null && !empty) {
            long lastAt = ride.series().get(ride.series().lastS()).atMicros();
            report(stream, ride, recordAt, watch.end(lastAt));
        }
        ended.add(FlushBatch.Ended.of(ride, stream.key, stream.lastOffset, ending));
        tools.events().add(new IngestBatch.Ended(ride.id(), ending));
    }
}
