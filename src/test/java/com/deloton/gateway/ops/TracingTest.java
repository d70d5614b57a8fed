package com.deloton.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.tracing.TracingConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @Test
    void nothingIsTracedWithoutAnEndpoint() {
        assertThat(Tracing.of(TracingConfig.OFF, "1", new SimpleMeterRegistry()))
                .isSameAs(Tracing.OFF);
        assertThat(Tracing.OFF.tracer().spanBuilder("x").startSpan().isRecording())
                .isFalse();
    }

    @Test
    void aSilentReceiverCostsOnlySpansAndASecondAtTheEnd() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        long before;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:%d/v1/traces".formatted(silent.getLocalPort());
            try (Tracing tracing = Tracing.of(new TracingConfig(url, 1, Duration.ofSeconds(30), 16), "1", registry)) {
                for (int i = 0; i < 1_000; i++) {
                    tracing.tracer().spanBuilder("span").startSpan().end();
                }
                before = System.nanoTime();
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(registry.get("deloton.tracing.spans.ended").counter().count())
                .isEqualTo(1_000);
        assertThat(registry.get("deloton.tracing.spans")
                        .tag("result", "exported")
                        .counter()
                        .count())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, SERVER,   false, false, DROP",
        "1, false, SERVER,   false, false, RECORD_AND_SAMPLE",
        "0, true,  CONSUMER, true,  false, RECORD_AND_SAMPLE",
        "1, true,  CONSUMER, false, false, DROP",
        "0, true,  SERVER,   true,  false, DROP",
        "1, true,  SERVER,   false, false, RECORD_AND_SAMPLE",
        "0, false, INTERNAL, false, true,  RECORD_AND_SAMPLE"
    })
    void recordsFollowTheirTraceRequestsTheRatioAndAlertsAreAlwaysSampled(
            double ratio, boolean remote, SpanKind kind, boolean sampled, boolean alert, SamplingDecision expected) {
        Context parent = remote
                ? Context.root()
                        .with(Span.wrap(SpanContext.createFromRemoteParent(
                                TRACE,
                                SPAN,
                                sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                                TraceState.getDefault())))
                : Context.root();

        assertThat(new TraceSampler(ratio)
                        .shouldSample(
                                parent,
                                TRACE,
                                "name",
                                kind,
                                alert ? Attributes.of(Tracing.ALERT, true) : Attributes.empty(),
                                List.of())
                        .getDecision())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void whatIsNoTraceparentHasNoParent(String text) {
        assertThat(Span.fromContext(Tracing.parent(text)).getSpanContext().isValid())
                .isFalse();
    }

    @Test
    void aTraceparentIsContinued() {
        SpanContext parent = Span.fromContext(Tracing.parent("00-%s-%s-01".formatted(TRACE, SPAN)))
                .getSpanContext();

        assertThat(parent.getTraceId()).isEqualTo(TRACE);
        assertThat(parent.getSpanId()).isEqualTo(SPAN);
        assertThat(parent.isSampled()).isTrue();
        assertThat(parent.isRemote()).isTrue();
    }
}
