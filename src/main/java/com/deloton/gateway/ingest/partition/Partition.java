package com.deloton.gateway.ingest.partition;

import com.deloton.gateway.event.IngestBatch;
import com.deloton.gateway.event.RideIds;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ingest.heartrate.RideHeartRateEvent;
import com.deloton.gateway.ride.PendingRideLine;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.RideEvent;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRateWatch;
import com.deloton.gateway.store.StoredSeries;
import com.deloton.gateway.telemetry.LineParser;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import com.deloton.gateway.telemetry.LogLine.Unusable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** All state of a partition: its bikes' streams and what the next flush will write. Confined to one thread. */
public final class Partition {
    private static final int TYPICAL_RECORD_BYTES = 128;

    private final int number;
    private final Position position;
    private final LineParser parser;
    private final IngestMeters meters;
    private final List<IngestBatch.Event> events;
    private final HeartRateMonitor hearts;
    private final Map<String, BikeStream> streams = new HashMap<>();

    private long nextOffset;
    private long takenOffset;
    private long lastRecordAt;
    private int records;
    private int asideBytes;
    private final Set<BikeStream> touched = new LinkedHashSet<>();
    private List<FlushBatch.Started> started = new ArrayList<>();
    private List<FlushBatch.Ended> ended = new ArrayList<>();
    private List<FlushBatch.QuarantinedRecord> unused = new ArrayList<>();
    private List<RideHeartRateEvent> told = new ArrayList<>();
    private long recordAt;

    /** Where the warehouse stands, and under which ownership. */
    public record Position(int sourceId, long epoch, long nextOffset, long lastRecordAtMicros) {}

    /** An open ride as the warehouse has it. */
    public record RestoredRide(String streamKey, Ride ride, PendingRideLine pendingLine) {}

    /**
     * @param readFrom the offset of the next record to come; beyond {@code position} only if records were lost
     * @param events where this partition reports rides and readings for the event bus
     */
    public Partition(
            int number,
            Position position,
            long readFrom,
            List<RestoredRide> open,
            LineParser parser,
            IngestMeters meters,
            List<IngestBatch.Event> events,
            HeartRateMonitor hearts) {
        this.number = number;
        this.position = position;
        this.parser = parser;
        this.meters = meters;
        this.events = events;
        this.hearts = hearts;
        this.nextOffset = readFrom;
        this.takenOffset = position.nextOffset();
        this.lastRecordAt = position.lastRecordAtMicros();
        List<IngestBatch.OpenRide> underWay = new ArrayList<>();
        for (RestoredRide ride : open) {
            HeartRateWatch watch = hearts.watch(ride.ride());
            streams.put(
                    ride.streamKey(),
                    new BikeStream(
                            ride.streamKey(), ride.ride(), ride.pendingLine(), position.lastRecordAtMicros(), watch));
            underWay.add(IngestBatch.OpenRide.of(ride.ride(), ride.streamKey(), watch, position.lastRecordAtMicros()));
        }
        events.add(new IngestBatch.PartitionRestored(position.sourceId(), underWay));
    }

    public long epoch() {
        return position.epoch();
    }

    public long nextOffset() {
        return nextOffset;
    }

    /** What has gathered since the last {@link #take}, in records of usual size. */
    public int buffered() {
        return records + asideBytes / TYPICAL_RECORD_BYTES;
    }

    public int openRides() {
        return streams.size();
    }

    public void accept(ConsumerRecord<String, byte[]> record) {
        if (record.offset() < nextOffset) {
            return;
        }
        nextOffset = record.offset() + 1;
        records++;
        recordAt = record.timestamp() * 1_000;
        lastRecordAt = Math.max(lastRecordAt, recordAt);
        LogLine line = parser.parse(record.value());
        if (line instanceof Unusable unusable) {
            setAside(record, unusable.reason(), unusable.detail());
            return;
        }
        String key = keyOf(record);
        BikeStream stream = streams.computeIfAbsent(key == null ? "" : key, BikeStream::new);
        touched.add(stream);
        long rideId = RideIds.of(record.offset(), position.sourceId());
        for (RideEvent event : stream.tracker.accept(rideId, recordAt, line)) {
            if (event instanceof RideEvent.Rejected rejected) {
                setAside(record, rejected.reason(), "does not fit into the stream: " + line);
            } else {
                apply(stream, event);
            }
        }
    }

    private void setAside(ConsumerRecord<String, byte[]> record, Reason reason, String detail) {
        meters.quarantined(reason);
        events.add(new IngestBatch.RecordQuarantined(reason));
        byte @Nullable [] value = record.value();
        asideBytes += value == null ? 0 : value.length;
        unused.add(new FlushBatch.QuarantinedRecord(
                record.offset(), recordAt, keyOf(record), reason.name(), detail.replace('\0', '\uFFFD'), value));
    }

    private static @Nullable String keyOf(ConsumerRecord<String, byte[]> record) {
        String key = record.key();
        return key == null ? null : key.replace('\0', '\uFFFD');
    }

    /**
     * Ends the rides of bikes that have been silent for {@code silence}: by the clock where all records are read,
     * else by the time of the records read so far.
     *
     * @param end the offset of the next record that Kafka will get; null if unknown
     */
    public void abandonSilent(long nowMicros, Duration silence, @Nullable Long end) {
        boolean allRead = end != null && nextOffset >= end;
        abandonSilentSince((allRead ? nowMicros : lastRecordAt) - silence.toSeconds() * 1_000_000);
    }

    private void abandonSilentSince(long deadlineMicros) {
        for (BikeStream stream : streams.values()) {
            stream.tracker.abandonIfSilentSince(deadlineMicros).forEach(event -> apply(stream, event));
            if (stream.tracker.ride() == null) {
                touched.add(stream);
            }
        }
    }

    /** Hands out all that has gathered since the last call, or null if there is nothing. */
    public @Nullable FlushBatch take() {
        if (nextOffset == takenOffset && touched.isEmpty()) {
            return null;
        }
        List<BikeStream.Chunk> chunks = new ArrayList<>(touched.size());
        touched.forEach(stream -> stream.takeChunks(nextOffset, chunks));
        FlushBatch work = new FlushBatch(
                number,
                position.sourceId(),
                position.epoch(),
                takenOffset,
                nextOffset,
                lastRecordAt,
                records,
                started,
                chunks,
                ended,
                unused,
                told);
        clear();
        return work;
    }

    /** Forgets what has gathered since the last call: for a reader that writes nothing. */
    public void skip() {
        touched.forEach(BikeStream::skipChunks);
        clear();
    }

    private void clear() {
        for (BikeStream stream : touched) {
            if (stream.tracker.ride() == null) {
                streams.remove(stream.key);
            }
        }
        takenOffset = nextOffset;
        records = 0;
        asideBytes = 0;
        touched.clear();
        started = new ArrayList<>();
        ended = new ArrayList<>();
        unused = new ArrayList<>();
        told = new ArrayList<>();
    }

    private void apply(BikeStream stream, RideEvent event) {
        switch (event) {
            case RideEvent.Started start -> started(stream, start.ride());
            case RideEvent.Measured measured -> measured(stream, measured.ride(), measured.reading());
            case RideEvent.Ended end -> ended(stream, end.ride(), end.ending());
            case RideEvent.Cleaned cleaned -> meters.cleaned(cleaned.cleaning());
            case RideEvent.Rejected rejected -> throw new IllegalStateException("no record to quarantine: " + rejected);
        }
    }

    private void started(BikeStream stream, Ride ride) {
        HeartRateWatch watch = hearts.watch(ride);
        stream.started(watch);
        started.add(new FlushBatch.Started(ride, stream.key));
        events.add(IngestBatch.Started.of(ride, stream.key, watch));
    }

    private void measured(BikeStream stream, Ride ride, Reading reading) {
        stream.added(reading);
        if (stream.watch != null) {
            tell(ride, stream.watch.accept(reading));
        }
        meters.reading();
        events.add(new IngestBatch.Measured(ride.id(), reading, recordAt));
    }

    private void tell(Ride ride, List<HeartRateEvent> signals) {
        hearts.tell(ride, recordAt, signals, told);
        for (HeartRateEvent signal : signals) {
            events.add(new IngestBatch.HeartRateChanged(ride.id(), signal));
        }
    }

    private void ended(BikeStream stream, Ride ride, Ending ending) {
        boolean empty = ride.series().readings() == 0;
        HeartRateWatch watch = stream.watch;
        if (watch != null && !empty) {
            long lastAt = ride.series().get(ride.series().lastS()).atMicros();
            tell(ride, watch.end(lastAt));
        }
        ended.add(new FlushBatch.Ended(
                ride,
                ending,
                RideSummary.of(ride.series(), ride.heartRateLimits()),
                RideSummary.minutes(ride.series()),
                empty
                        ? null
                        : StoredSeries.Seconds.of(
                                ride.series(),
                                ride.series().firstS(),
                                ride.series().lastS())));
        events.add(new IngestBatch.Ended(ride.id(), ending));
    }
}
