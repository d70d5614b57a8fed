package com.deloton.gateway.ops;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Samples a span as its parent, and a span without parent at the ratio; every alert is sampled. HTTP clients do not decide:
 * the ratio also applies to requests that continue a trace.
 */
final class TraceSampler implements Sampler {
    private final Sampler ratio;

    TraceSampler(double ratio) {
        this.ratio = Sampler.traceIdRatioBased(ratio);
    }

    @Override
    public SamplingResult shouldSample(
            Context parentContext,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> links) {
        if (Boolean.TRUE.equals(attributes.get(Tracing.ALERT))) {
            return SamplingResult.recordAndSample();
        }
        SpanContext parent = Span.fromContext(parentContext).getSpanContext();
        if (!parent.isValid() || (parent.isRemote() && kind == SpanKind.SERVER)) {
            return ratio.shouldSample(parentContext, traceId, name, kind, attributes, links);
        }
        return parent.isSampled() ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "TraceSampler{" + ratio.getDescription() + "}";
    }
}
