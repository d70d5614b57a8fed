package com.deloton.gateway.ingest.tracing;

import com.deloton.gateway.ops.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The traces of one ingest verticle: a span for each sampled poll, for records whose header {@code traceparent} continues a
 * sampled trace, for each alert, and for each flush that stores something traced. Records of a poll cost nothing unless
 * tracing is on. Confined to one event loop.
 */
public final class IngestTraces {
    /** Keys of one poll; further ones, and later records of the same key, are processed without a span. */
    private static final int MAX_RECORDS = 8;
    /** Traces that one flush is linked to. */
    private static final int MAX_PENDING = 32;

    private static final String HEADER = "traceparent";
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<Long> MESSAGES = AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<Long> RECORDS = AttributeKey.longKey("deloton.records");
    private static final AttributeKey<Long> PARTITIONS = AttributeKey.longKey("deloton.partitions");
    private static final AttributeKey<Long> RIDE = AttributeKey.longKey("deloton.ride.id");
    private static final AttributeKey<Long> SECOND = AttributeKey.longKey("deloton.alert.first_s");

    private final Tracing tracing;
    private final String topic;
    private final Map<String, Span> records = new HashMap<>();
    /** Records first: a flush continues the trace of the first. */
    private final List<SpanContext> pending = new ArrayList<>();

    private int pendingRecords;
    private Span poll = Span.getInvalid();

    public IngestTraces(Tracing tracing, String topic) {
        this.tracing = tracing;
        this.topic = topic;
    }

    /** Traces nothing. */
    public static IngestTraces off() {
        return new IngestTraces(Tracing.OFF, "");
    }

    /** To be called before the records of a poll are processed. */
    public void begin(ConsumerRecords<byte[], byte[]> polled) {
        if (!tracing.isOn() || polled.isEmpty()) {
            return;
        }
        SpanBuilder builder = span("poll " + topic, SpanKind.CONSUMER).setNoParent();
        polled.forEach(this::continueTrace);
        records.values().forEach(span -> builder.addLink(span.getSpanContext()));
        poll = builder.setAttribute(MESSAGES, (long) polled.count()).startSpan();
    }

    private void continueTrace(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(HEADER);
        if (header == null || header.value() == null || records.size() == MAX_RECORDS) {
            return;
        }
        Context parent = Tracing.parent(new String(header.value(), StandardCharsets.US_ASCII));
        if (Span.fromContext(parent).getSpanContext().isSampled()) {
            records.computeIfAbsent(
                    key(record.key()),
                    key -> span("process " + topic, SpanKind.CONSUMER)
                            .setParent(parent)
                            .setAttribute(PARTITION, String.valueOf(record.partition()))
                            .setAttribute(OFFSET, record.offset())
                            .startSpan());
        }
    }

    private static String key(byte @Nullable [] key) {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    private SpanBuilder span(String name, SpanKind kind) {
        return tracing.tracer()
                .spanBuilder(name)
                .setSpanKind(kind)
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(DESTINATION, topic);
    }

    /** To be called when the records of the poll are processed. */
    public void end() {
        if (!tracing.isOn()) {
            return;
        }
        for (Span record : records.values()) {
            if (ended(record, pendingRecords)) {
                pendingRecords++;
            }
        }
        records.clear();
        ended(poll, pending.size());
        poll = Span.getInvalid();
    }

    private boolean ended(Span span, int place) {
        span.end();
        if (!span.getSpanContext().isSampled() || pending.size() == MAX_PENDING) {
            return false;
        }
        pending.add(place, span.getSpanContext());
        return true;
    }

    /**
     * An alert that a record of this poll raises; its trace is the record's, else the poll's, else one that begins here.
     *
     * @return null if tracing is off
     */
    public @Nullable AlertTrace alert(String streamKey, long rideId, int firstS) {
        if (!tracing.isOn()) {
            return null;
        }
        SpanBuilder builder = tracing.tracer()
                .spanBuilder("store alert")
                .setAttribute(Tracing.ALERT, true)
                .setAttribute(RIDE, rideId)
                .setAttribute(SECOND, (long) firstS);
        Span parent = records.getOrDefault(streamKey, poll);
        if (parent.getSpanContext().isSampled()) {
            builder.setParent(Context.root().with(parent));
        } else {
            builder.setNoParent();
        }
        return new AlertTrace(builder.startSpan());
    }

    /** A flush begins that stores all that was processed since the last one. */
    public FlushTrace flush(int partitions, int count) {
        if (pending.isEmpty()) {
            return FlushTrace.NONE;
        }
        SpanBuilder builder = tracing.tracer()
                .spanBuilder("flush")
                .setParent(Context.root().with(Span.wrap(pending.getFirst())))
                .setAttribute(PARTITIONS, (long) partitions)
                .setAttribute(RECORDS, (long) count);
        pending.subList(1, pending.size()).forEach(builder::addLink);
        pending.clear();
        pendingRecords = 0;
        return new FlushTrace(builder.startSpan());
    }

    /** An alert that is being stored. */
    public record AlertTrace(Span span) {
        /** For the mail about it. */
        public @Nullable String traceparent() {
            return Tracing.traceparent(span);
        }

        public void stored() {
            span.end();
        }

        /** The next flush stores it. */
        public void deferred(String reason) {
            span.addEvent("left to the flush", Attributes.of(AttributeKey.stringKey("reason"), reason));
            span.end();
        }
    }

    /** A flush, retries included. */
    public record FlushTrace(Span span) {
        public static final FlushTrace NONE = new FlushTrace(Span.getInvalid());

        public void failed(String reason) {
            span.addEvent("attempt failed", Attributes.of(AttributeKey.stringKey("reason"), reason));
        }

        public void end(boolean stored) {
            if (!stored) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
