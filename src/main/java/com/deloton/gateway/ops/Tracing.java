package com.deloton.gateway.ops;

import com.deloton.gateway.config.tracing.TracingConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.vertx.core.VertxBuilder;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The traces of a process, or none. Thread-safe. */
public final class Tracing implements AutoCloseable {
    /** Traces nothing. */
    public static final Tracing OFF = new Tracing(null);

    /** Marks the span of an alert, which is sampled at any ratio. */
    public static final AttributeKey<Boolean> ALERT = AttributeKey.booleanKey("deloton.alert");

    private static final String SCOPE = "com.deloton.gateway";
    private static final Duration EXPORT_INTERVAL = Duration.ofSeconds(1);
    private static final int BATCH = 512;
    private static final int MAX_LINKS = 32;
    private static final int MAX_VALUE_LENGTH = 4_096;
    private static final long SHUTDOWN_MS = 1_000;
    /** Kept, since the log manager holds loggers weakly: a failed export is logged by {@link CountingExporter}. */
    private static final List<Logger> SILENCED = List.of(
            Logger.getLogger("io.opentelemetry.exporter"), Logger.getLogger("io.opentelemetry.sdk.trace.export"));

    private static final TextMapGetter<String> TRACEPARENT = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
            return key.equals("traceparent") ? traceparent : null;
        }
    };

    private final @Nullable SdkTracerProvider provider;
    private final Tracer tracer;

    private Tracing(@Nullable SdkTracerProvider provider) {
        this.provider = provider;
        tracer = (provider == null ? TracerProvider.noop() : provider).get(SCOPE);
    }

    /** {@link #OFF} without an endpoint. */
    public static Tracing of(TracingConfig config, String version, MeterRegistry registry) {
        String endpoint = config.endpoint();
        if (endpoint == null) {
            return OFF;
        }
        SILENCED.forEach(logger -> logger.setLevel(Level.OFF));
        var exporter = new CountingExporter(
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(endpoint)
                        .setTimeout(config.timeout())
                        .setConnectTimeout(config.timeout())
                        .setCompression("gzip")
                        .setRetryPolicy(null)
                        .build(),
                registry);
        Counter ended = Counter.builder("deloton.tracing.spans.ended")
                .description(
                        "Sampled spans that have ended; those that are neither exported nor failed wait or were dropped")
                .register(registry);
        return new Tracing(SdkTracerProvider.builder()
                .setSampler(new TraceSampler(config.ratio()))
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "deloton-gateway",
                        AttributeKey.stringKey("service.version"),
                        version,
                        AttributeKey.stringKey("service.instance.id"),
                        UUID.randomUUID().toString())))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxNumberOfLinks(MAX_LINKS)
                        .setMaxAttributeValueLength(MAX_VALUE_LENGTH)
                        .build())
                .addSpanProcessor(new EndCounter(ended))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(config.queue())
                        .setMaxExportBatchSize(Math.min(BATCH, config.queue()))
                        .setScheduleDelay(EXPORT_INTERVAL)
                        .setExporterTimeout(config.timeout())
                        .build())
                .build());
    }

    public boolean isOn() {
        return provider != null;
    }

    /** Of spans that the gateway begins itself. */
    public Tracer tracer() {
        return tracer;
    }

    /** Lets Vert.x trace HTTP requests and, within them, SQL statements. */
    public VertxBuilder install(VertxBuilder builder) {
        if (provider == null) {
            return builder;
        }
        OpenTelemetry openTelemetry = new OpenTelemetry() {
            @Override
            public TracerProvider getTracerProvider() {
                return provider;
            }

            @Override
            public ContextPropagators getPropagators() {
                return ContextPropagators.create(W3CTraceContextPropagator.getInstance());
            }
        };
        return builder.withTracer(new VertxTracerFactory() {
            @Override
            public VertxTracer<?, ?> tracer(TracingOptions options) {
                return new RedactingTracer<>(new OpenTelemetryTracingFactory(openTelemetry).tracer(options));
            }
        });
    }

    /** The parent that a {@code traceparent} of W3C names; no parent if it is null or invalid. */
    public static Context parent(@Nullable String traceparent) {
        return traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, TRACEPARENT);
    }

    /** The {@code traceparent} of a span's children; null if the span is not sampled. */
    public static @Nullable String traceparent(Span span) {
        SpanContext context = span.getSpanContext();
        return context.isSampled() ? "00-%s-%s-01".formatted(context.getTraceId(), context.getSpanId()) : null;
    }

    /** Exports what waits, for a second at most. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(SHUTDOWN_MS, TimeUnit.MILLISECONDS);
        }
    }
}
