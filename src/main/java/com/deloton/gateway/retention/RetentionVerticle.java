package com.deloton.gateway.retention;

import com.deloton.gateway.config.RetentionConfig;
import com.deloton.gateway.config.archive.ArchiveConfig;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.Health;
import com.deloton.gateway.ops.ProcessResources;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes data after their retention, in slices of one short transaction each, and what is left of rides that erased riders
 * began after their erasure. With an archive, readings are deleted only of days that the archive has as they are, and the days
 * that wait for it are counted. Several gateways may run it at the same time: each skips what another one is deleting. A
 * failure ends the work on one kind of data until the next run.
 */
public final class RetentionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionVerticle.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final int SLICE_ROWS = 1_000;
    private static final String DELETE =
            "SELECT deleted, more FROM delete_expired($1, $2::bigint * interval '1 second', $3)";
    private static final String DELETE_ARCHIVED =
            "SELECT deleted, more FROM delete_archived_readings($1::bigint * interval '1 second', $2)";
    private static final String READINGS = "readings";
    private static final String FORGET = "SELECT forget_ended_rides_of_erased()";

    private final ProcessResources resources;
    private final List<Kind> kinds;
    private final ArchiveBacklog archive;
    private final Duration period;
    private final int sliceRows;
    private final FaultLog faults = new FaultLog(LOG, "Deleting data after its retention");
    private Future<?> running = Future.succeededFuture();
    private @Nullable Instant lastRun;

    /** Data that expire together. */
    private record Kind(String name, Duration keep, Counter deleted) {}

    public RetentionVerticle(RetentionConfig config, ArchiveConfig archive, ProcessResources resources) {
        this(config, archive, resources, PERIOD, SLICE_ROWS);
    }

    RetentionVerticle(
            RetentionConfig config, ArchiveConfig archive, ProcessResources resources, Duration period, int sliceRows) {
        this.resources = resources;
        this.archive = new ArchiveBacklog(archive, resources.registry());
        this.period = period;
        this.sliceRows = sliceRows;
        kinds = List.of(
                kind(READINGS, config.readings()),
                kind("quarantine", config.quarantine()),
                kind("alerts", config.alerts()),
                kind("silences", config.alerts()),
                kind("delivery-log", config.deliveryLog()),
                kind("webhooks", config.deliveryLog()),
                kind("audit", config.audit()),
                kind("report-pages", config.reportPages()));
    }

    private Kind kind(String name, Duration keep) {
        Gauge.builder("deloton.retention.keep", keep, Duration::toSeconds)
                .description("How long data are kept")
                .baseUnit("seconds")
                .tag("kind", name)
                .register(resources.registry());
        return new Kind(
                name,
                keep,
                Counter.builder("deloton.retention.deleted")
                        .description("Rows deleted after their retention; of readings, the rides that lost theirs")
                        .tag("kind", name)
                        .register(resources.registry()));
    }

    @Override
    public Future<?> start() {
        resources.readiness().register("retention", this::check);
        run();
        vertx.setPeriodic(period.toMillis(), timer -> run());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        resources.readiness().unregister("retention");
        return running;
    }

    /** Never DOWN: rides are stored and alerts are mailed although old data are still there. */
    private void check(Promise<Status> check) {
        JsonObject data =
                faults.reason() == null ? new JsonObject() : Health.reason("cannot delete " + faults.reason());
        for (Kind kind : kinds) {
            data.put(kind.name(), kind.keep().toHours() + " h");
        }
        if (archive.isArchived()) {
            data.put("archive", archive.json());
        }
        check.tryComplete(Status.OK(data.put("lastRun", Objects.toString(lastRun, null))));
    }

    private void run() {
        if (!running.isComplete()) {
            return;
        }
        List<String> failures = new ArrayList<>();
        Future<?> work = Future.succeededFuture();
        for (Kind kind : kinds) {
            work = work.compose(v -> deleteSlices(kind))
                    .onFailure(failure -> failures.add(kind.name() + ": " + failure.getMessage()))
                    .otherwiseEmpty();
        }
        running = work.compose(v -> resources.pool().query(FORGET).execute())
                .onFailure(failure -> failures.add("rides of erased riders: " + failure.getMessage()))
                .otherwiseEmpty()
                .compose(v -> archive.update(resources.pool()))
                .onFailure(failure -> failures.add("days that wait for the archive: " + failure.getMessage()))
                .otherwiseEmpty()
                .onComplete(v -> ended(failures));
    }

    private void ended(List<String> failures) {
        lastRun = resources.clock().instant();
        if (failures.isEmpty()) {
            faults.succeeded();
        } else {
            faults.failed(String.join("; ", failures));
        }
    }

    private Future<Void> deleteSlices(Kind kind) {
        return deleteSlice(kind).compose(more -> more ? deleteSlices(kind) : Future.succeededFuture());
    }

    /** True if there may be more to delete. */
    private Future<Boolean> deleteSlice(Kind kind) {
        boolean onlyArchived = archive.isArchived() && kind.name().equals(READINGS);
        long keepS = kind.keep().toSeconds();
        return resources
                .pool()
                .preparedQuery(onlyArchived ? DELETE_ARCHIVED : DELETE)
                .execute(onlyArchived ? Tuple.of(keepS, sliceRows) : Tuple.of(kind.name(), keepS, sliceRows))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    kind.deleted().increment(row.getLong("deleted"));
                    return row.getBoolean("more");
                });
    }
}
