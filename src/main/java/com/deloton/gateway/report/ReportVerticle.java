package com.deloton.gateway.report;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.delivery.Backlog;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.report.ReportStore.Claim;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports each day once, on the next day at the configured time. Any number of gateways share the work: a row in the
 * database gives a day to one gateway at a time.
 */
public final class ReportVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ReportVerticle.class);
    private static final long MIN_SWEEP_DELAY_MS = 10;
    /** A report that is due for longer makes the process unready. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(15);

    private final ReportConfig config;
    private final MailConfig mail;
    private final String publicUrl;
    private final Pool pool;
    private final MeterRegistry registry;
    private final HealthChecks ready;
    private final InstantSource clock;
    private final ReportSchedule schedule;
    private final ReportStore store;
    private final Promise<Void> idle = Promise.promise();
    private ReportJob job;
    private boolean working;
    private boolean workAgain;
    private volatile boolean stopping;
    private final Backlog backlog;
    private final FaultLog database = new FaultLog(LOG, "Reports: using the database");

    /**
     * Made once per process.
     *
     * @param publicUrl how people reach the gateway, without a slash at the end
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public ReportVerticle(ReportConfig config, MailConfig mail, String publicUrl, ProcessResources resources) {
        this.config = config;
        this.mail = mail;
        this.publicUrl = publicUrl;
        this.pool = resources.pool();
        this.registry = resources.registry();
        this.ready = resources.readiness();
        this.clock = resources.clock();
        schedule = ReportSchedule.of(config);
        store = new ReportStore(resources.pool());
        backlog = new Backlog(
                resources.registry(), "deloton.report.waiting", "deloton.report.waiting.oldest", "daily reports");
    }

    @Override
    public Future<?> start() {
        job = new ReportJob(config, mail, publicUrl, vertx, pool, clock);
        for (ReportJob.Result result : ReportJob.Result.values()) {
            counter(result);
        }
        ready.register("report", health -> context.runOnContext(v -> health.tryComplete(status())));
        vertx.eventBus().consumer(ReportStore.DUE, message -> work());
        sweep();
        return Future.succeededFuture();
    }

    /** Repeats at the sweep interval, or when the next report is due if that is sooner, so that it notices clock changes. */
    private void sweep() {
        Instant now = clock.instant();
        store.measure(backlog)
                .compose(v -> store.schedule(schedule.due(now), config.zone()))
                .onComplete(scheduled -> {
                    if (scheduled.succeeded()) {
                        database.succeeded();
                        scheduled.result().forEach(day -> LOG.info("The report of {} is due", day));
                    } else {
                        databaseFailed(scheduled.cause());
                    }
                    if (!stopping) {
                        long delayMs = Math.min(
                                schedule.untilNext(now).toMillis(),
                                config.sweepInterval().toMillis());
                        vertx.setTimer(Math.max(MIN_SWEEP_DELAY_MS, delayMs + 1), t -> sweep());
                        work();
                    }
                });
    }

    /** Makes all due reports, one after the other, on a virtual thread, because that blocks. */
    private void work() {
        if (working || stopping) {
            workAgain = true;
            return;
        }
        working = true;
        workAgain = false;
        Thread.ofVirtual().name("report").start(() -> {
            Throwable failure = makeAll();
            try {
                context.runOnContext(v -> workDone(failure));
            } catch (RejectedExecutionException closed) {
                LOG.debug("Vert.x has closed before the report was done", closed);
            }
        });
    }

    private @Nullable Throwable makeAll() {
        try {
            Claim claim;
            while (!stopping && (claim = store.claim(config.zone(), job.lease()).await()) != null) {
                counter(job.run(claim)).increment();
            }
            return null;
        } catch (Exception | LinkageError | StackOverflowError e) {
            return e;
        }
    }

    private void workDone(@Nullable Throwable failure) {
        working = false;
        if (failure != null) {
            databaseFailed(failure);
        }
        if (stopping) {
            idle.tryComplete();
        } else if (workAgain && failure == null) {
            work();
        }
    }

    private void databaseFailed(Throwable failure) {
        if (!stopping) {
            database.failed(failure);
        }
    }

    private Status status() {
        Instant now = clock.instant();
        JsonObject data = backlog.json()
                .put("working", working)
                .put("nextDue", now.plus(schedule.untilNext(now)).toString());
        String reason = database.reason() == null ? backlog.overdue(MAX_WAIT) : database.reason();
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    private Counter counter(ReportJob.Result result) {
        return Counter.builder("deloton.reports")
                .description("Attempts to mail a daily report, by result")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        if (!working) {
            idle.tryComplete();
        }
        long timeout = vertx.setTimer(mail.timeout().toMillis(), t -> idle.tryComplete());
        return idle.future().eventually(() -> {
            vertx.cancelTimer(timeout);
            return job.close();
        });
    }
}
