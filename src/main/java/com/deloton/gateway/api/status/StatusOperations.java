package com.deloton.gateway.api.status;

import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.ops.Health;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The operation on {@code /status}, for those who cannot reach the management port. */
public final class StatusOperations implements Operations {
    private static final double BYTES_PER_MB = 1_048_576;

    private final String version;
    private final HealthChecks checks;
    private final MeterRegistry registry;

    /** @param checks those of readiness */
    public StatusOperations(String version, HealthChecks checks, MeterRegistry registry) {
        this.version = version;
        this.checks = checks;
        this.registry = registry;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("getStatus", this::status);
    }

    private Future<ApiResponse> status(ApiRequest request) {
        return checks.checkStatus().map(result -> {
            JsonObject health = Health.json(result);
            health.getJsonArray("checks").forEach(check -> ((JsonObject) check).remove("data"));
            return ApiResponse.json(
                    health.put("version", version).put("process", process()).put("ingest", ingest()));
        });
    }

    private JsonObject process() {
        Runtime runtime = Runtime.getRuntime();
        double lagMs = registry.find("deloton.event.loop.lag").timers().stream()
                .mapToDouble((Timer timer) -> timer.max(TimeUnit.MILLISECONDS))
                .max()
                .orElse(0);
        return new JsonObject()
                .put("uptimeS", ManagementFactory.getRuntimeMXBean().getUptime() / 1000)
                .put("heapMb", Math.round((runtime.totalMemory() - runtime.freeMemory()) / BYTES_PER_MB))
                .put("eventLoopLagMs", Math.round(lagMs * 10) / 10.0);
    }

    private JsonObject ingest() {
        double lag = registry.find("deloton.ingest.lag.records").gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .sum();
        return new JsonObject()
                .put("lagRecords", Math.max(0, Math.round(lag)))
                .put("readings", total("deloton.ingest.readings"))
                .put("lostRecords", total("deloton.ingest.lost.records"))
                .put("quarantined", byTag("deloton.ingest.quarantined", "reason"))
                .put("cleaned", byTag("deloton.ingest.cleaned", "kind"));
    }

    private long total(String name) {
        return Math.round(registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum());
    }

    /** Counters above 0, the highest first. */
    private JsonArray byTag(String name, String tag) {
        List<JsonObject> found = registry.find(name).counters().stream()
                .filter(counter -> counter.count() > 0)
                .sorted(Comparator.comparingDouble(Counter::count).reversed())
                .map(counter -> new JsonObject()
                        .put("name", Objects.requireNonNullElse(counter.getId().getTag(tag), ""))
                        .put("count", Math.round(counter.count())))
                .toList();
        return new JsonArray(found);
    }
}
