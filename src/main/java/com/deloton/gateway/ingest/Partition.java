package com.deloton.gateway.ingest;

import com.deloton.gateway.ingest.heart.HeartEvent;
import com.deloton.gateway.ingest.heart.Hearts;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Ride.Ending;
import com.deloton.gateway.ride.RideEvents;
import com.deloton.gateway.ride.RideSummary;
import com.deloton.gateway.ride.RideTracker.Half;
import com.deloton.gateway.ride.heart.HeartRateWatch;
import com.deloton.gateway.telemetry.LineParser;
import com.deloton.gateway.telemetry.LogLine;
import com.deloton.gateway.telemetry.LogLine.Reason;
import com.deloton.gateway.telemetry.LogLine.Unusable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** All state of an owned partition: its bikes' streams and what the next flush will write. Confined to one thread. */
final class Partition implements RideEvents {
    /** Room for {@code source_id} in a ride's id. */
    static final int SOURCES = 4096;

    private static final int USUAL_RECORD_BYTES = 128;

    private final int number;
    private final Position position;
    private final LineParser parser;
    private final IngestMeters meters;
    private final List<IngestBatch.Event> events;
    private final Hearts hearts;
    private final Map<String, BikeStream> streams = new HashMap<>();

    private long nextOffset;
    private long takenOffset;
    private long lastRecordAt;
    private int records;
    private int asideBytes;
    private final Set<BikeStream> touched = new LinkedHashSet<>();
    private List<PartitionWork.Started> started = new ArrayList<>();
    private List<PartitionWork.Ended> ended = new ArrayList<>();
    private List<PartitionWork.Unused> unused = new ArrayList<>();
    private List<HeartEvent> told = new ArrayList<>();
    private long recordAt;
    private @Nullable BikeStream current;

    /** Where the warehouse stands, and under which ownership. */
    record Position(int sourceId, long epoch, long nextOffset, long lastRecordAtMicros) {}

    /** An open ride as the warehouse has it. */
    record OpenRide(String streamKey, Ride ride, Half half) {}

    /**
     * @param readFrom the offset of the next record to come; beyond {@code position} only if records were lost
     * @param events where this partition reports rides and readings for the event bus
     */
    Partition(
            int number,
            Position position,
            long readFrom,
            List<OpenRide> open,
            LineParser parser,
            IngestMeters meters,
            List<IngestBatch.Event> events,
            Hearts hearts) {
        this.number = number;
        this.position = position;
        this.parser = parser;
        this.meters = meters;
        this.events = events;
        this.hearts = hearts;
        this.nextOffset = readFrom;
        this.takenOffset = position.nextOffset();
        this.lastRecordAt = position.lastRecordAtMicros();
        for (OpenRide ride : open) {
            streams.put(
                    ride.streamKey(),
                    new BikeStream(
                            ride.streamKey(),
                            this,
                            ride.ride(),
                            ride.half(),
                            position.lastRecordAtMicros(),
                            hearts.watch(ride.ride())));
        }
    }

    long epoch() {
        return position.epoch();
    }

    long nextOffset() {
        return nextOffset;
    }

    long lastRecordAt() {
        return lastRecordAt;
    }

    /** What has gathered since the last {@link #take}, in records of usual size. */
    int buffered() {
        return records + asideBytes / USUAL_RECORD_BYTES;
    }

    int openRides() {
        return streams.size();
    }

    void accept(ConsumerRecord<String, byte[]> record) {
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
        BikeStream stream = streams.computeIfAbsent(key == null ? "" : key, k -> new BikeStream(k, this));
        touched.add(stream);
        current = stream;
        Reason reason = stream.tracker.accept(record.offset() * SOURCES + position.sourceId(), recordAt, line);
        current = null;
        if (reason != null) {
            setAside(record, reason, "does not fit into the stream: " + line);
        }
    }

    private void setAside(ConsumerRecord<String, byte[]> record, Reason reason, String detail) {
        meters.quarantined(reason);
        byte @Nullable [] value = record.value();
        asideBytes += value == null ? 0 : value.length;
        unused.add(new PartitionWork.Unused(
                record.offset(), recordAt, keyOf(record), reason.name(), detail.replace('\0', '\uFFFD'), value));
    }

    private static @Nullable String keyOf(ConsumerRecord<String, byte[]> record) {
        String key = record.key();
        return key == null ? null : key.replace('\0', '\uFFFD');
    }

    /** Ends the rides of bikes that have been silent since {@code deadlineMicros}. */
    void abandonSilentSince(long deadlineMicros) {
        for (BikeStream stream : streams.values()) {
            current = stream;
            if (stream.tracker.abandonIfSilentSince(deadlineMicros)) {
                touched.add(stream);
            }
            current = null;
        }
    }

    /** Hands out all that has gathered since the last call, or null if there is nothing. */
    @Nullable
    PartitionWork take() {
        if (nextOffset == takenOffset && touched.isEmpty()) {
            return null;
        }
        List<BikeStream.Chunk> chunks = new ArrayList<>(touched.size());
        for (BikeStream stream : touched) {
            stream.takeChunks(nextOffset, chunks);
            if (stream.tracker.ride() == null) {
                streams.remove(stream.key);
            }
        }
        PartitionWork work = new PartitionWork(
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
        takenOffset = nextOffset;
        records = 0;
        asideBytes = 0;
        touched.clear();
        started = new ArrayList<>();
        ended = new ArrayList<>();
        unused = new ArrayList<>();
        told = new ArrayList<>();
        return work;
    }

    @Override
    public void started(Ride ride) {
        BikeStream stream = stream();
        stream.started(hearts.watch(ride));
        started.add(new PartitionWork.Started(ride, stream.key));
        events.add(new IngestBatch.Started(
                ride.id(), stream.key, ride.rider(), ride.bikeSerial(), ride.startedAtMicros()));
    }

    @Override
    public void reading(Ride ride, Reading reading) {
        BikeStream stream = stream();
        stream.added(reading);
        if (stream.watch != null) {
            hearts.tell(ride, recordAt, stream.watch.accept(reading), told);
        }
        meters.reading();
        events.add(new IngestBatch.Measured(ride.id(), reading));
    }

    @Override
    public void ended(Ride ride, Ending ending) {
        boolean empty = ride.series().readings() == 0;
        HeartRateWatch watch = stream().watch;
        if (watch != null && !empty) {
            long lastAt = ride.series().get(ride.series().lastS()).atMicros();
            hearts.tell(ride, recordAt, watch.end(lastAt), told);
        }
        ended.add(new PartitionWork.Ended(
                ride,
                ending,
                RideSummary.of(ride.series(), ride.heartRateLimits()),
                RideSummary.minutes(ride.series()),
                empty
                        ? null
                        : BikeStream.Chunk.of(
                                ride, 0, ride.series().firstS(), ride.series().lastS(), Half.NONE)));
        events.add(new IngestBatch.Ended(ride.id(), ending));
    }

    @Override
    public void cleaned(Cleaning cleaning) {
        meters.cleaned(cleaning);
    }

    private BikeStream stream() {
        if (current == null) {
            throw new IllegalStateException("no stream is being fed");
        }
        return current;
    }
}
