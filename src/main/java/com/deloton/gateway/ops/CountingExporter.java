package com.deloton.gateway.ops;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import org.slf4j.LoggerFactory;

/** Counts the spans of an exporter by result, and logs a lasting failure once a minute. */
final class CountingExporter implements SpanExporter {
    private final SpanExporter exporter;
    private final Counter exported;
    private final Counter failed;
    private final FaultLog faults = new FaultLog(LoggerFactory.getLogger(Tracing.class), "Exporting traces");

    CountingExporter(SpanExporter exporter, MeterRegistry registry) {
        this.exporter = exporter;
        exported = counter("exported", registry);
        failed = counter("failed", registry);
    }

    private static Counter counter(String result, MeterRegistry registry) {
        return Counter.builder("deloton.tracing.spans")
                .description("Spans whose export has ended")
                .tag("result", result)
                .register(registry);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                exported.increment(count);
                faults.succeeded();
            } else {
                failed.increment(count);
                Throwable failure = result.getFailureThrowable();
                faults.failed(failure == null ? "the receiver refused them" : failure.toString());
            }
        });
        return result;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
