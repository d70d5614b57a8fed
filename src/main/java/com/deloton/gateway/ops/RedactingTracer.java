package com.deloton.gateway.ops;

import io.vertx.core.Context;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Removes from the spans of HTTP requests what identifies a person or authorizes: queries, and paths below their second
 * segment.
 */
final class RedactingTracer<I, O> implements VertxTracer<I, O> {
    private static final Pattern START_OF_PATH = Pattern.compile("(?:/[^/]*){0,2}");

    private final VertxTracer<I, O> tracer;

    RedactingTracer(VertxTracer<I, O> tracer) {
        this.tracer = tracer;
    }

    @Override
    public <R> @Nullable I receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        return tracer.receiveRequest(context, kind, policy, request, operation, headers, new Redacted<>(tags));
    }

    @Override
    public <R> void sendResponse(
            Context context,
            @Nullable R response,
            @Nullable I payload,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        tracer.sendResponse(context, response, payload, failure, tags);
    }

    @Override
    public <R> @Nullable O sendRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            BiConsumer<String, String> headers,
            TagExtractor<R> tags) {
        return tracer.sendRequest(context, kind, policy, request, operation, headers, new Redacted<>(tags));
    }

    @Override
    public <R> void receiveResponse(
            Context context,
            @Nullable R response,
            @Nullable O payload,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        tracer.receiveResponse(context, response, payload, failure, tags);
    }

    @Override
    public void close() {
        tracer.close();
    }

    private record Redacted<R>(TagExtractor<R> tags) implements TagExtractor<R> {
        @Override
        public int len(R subject) {
            return tags.len(subject);
        }

        @Override
        public String name(R subject, int index) {
            return tags.name(subject, index);
        }

        @Override
        public @Nullable String value(R subject, int index) {
            return switch (name(subject, index)) {
                case "url.path" -> startOf(tags.value(subject, index));
                case "http.url", "url.full", "url.query" -> null;
                default -> tags.value(subject, index);
            };
        }

        private static @Nullable String startOf(@Nullable String path) {
            if (path == null) {
                return null;
            }
            var start = START_OF_PATH.matcher(path);
            return start.lookingAt() ? start.group() : "";
        }
    }
}
