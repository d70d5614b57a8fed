package com.deloton.gateway.alert;

import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.delivery.Backlog;
import com.deloton.gateway.delivery.ClaimLoop;
import com.deloton.gateway.delivery.ResultRecorder;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.mail.Mailer;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.ProcessResources;
import com.deloton.gateway.ops.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails riders about their alerts. An event or the sweep starts it: it claims due mails, sends them and stores the
 * results. Any number of gateways share the work: a claimed mail belongs to one gateway at a time. A mail is repeated,
 * under the same Message-ID, only after an attempt whose acceptance is unknown, and at most once.
 */
public final class AlertVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AlertVerticle.class);
    private static final Duration MAX_DRAIN_TIME = Duration.ofSeconds(5);
    private static final long FINAL_STORE_MS = 1_000;

    private final AlertConfig config;
    private final MailConfig mail;
    private final AlertStore store;
    private final AlertRecord.Store records;
    private final AlertMeters meters;
    private final Backlog backlog;
    private final HealthChecks ready;
    private final InstantSource clock;
    private final Tracing tracing;
    private final AcknowledgeLink links;
    private Mailer mailer;
    private final FaultLog database = new FaultLog(LOG, "Alerts: using the database");
    private final FaultLog mailServer = new FaultLog(LOG, "Alerts: sending mail");
    private ResultRecorder recorder;
    private ClaimLoop<AlertNotification> mails;

    /**
     * Made once per process; more instances only share the work.
     *
     * @param publicUrl how riders reach the gateway, without a slash at the end
     */
    @SuppressWarnings("NullAway") // start() sets the rest
    public AlertVerticle(AlertConfig config, MailConfig mail, String publicUrl, ProcessResources resources) {
        this.config = config;
        this.mail = mail;
        this.ready = resources.readiness();
        this.clock = resources.clock();
        this.tracing = resources.tracing();
        store = new AlertStore(resources.pool());
        records = new AlertRecord.Store(resources.pool());
        meters = new AlertMeters(resources.registry());
        backlog = new Backlog(
                resources.registry(), "deloton.alert.waiting", "deloton.alert.waiting.oldest", "alert mails");
        links = link(config, publicUrl);
    }

    /** Adds the pages that the links in mails open. They need neither login nor body handler. */
    public static void mountPages(
            Router router,
            AlertConfig config,
            String publicUrl,
            Pool pool,
            InstantSource clock,
            MeterRegistry registry) {
        new AcknowledgePage(link(config, publicUrl), new AlertRecord.Store(pool), config.zone(), clock, registry)
                .mount(router);
    }

    private static AcknowledgeLink link(AlertConfig config, String publicUrl) {
        return new AcknowledgeLink(config.linkSecret(), publicUrl, config.linkValidity());
    }

    @Override
    public Future<?> start() {
        mailer = new Mailer(vertx, mail);
        recorder = new ResultRecorder(vertx, database);
        String senderDomain = mail.from().substring(mail.from().lastIndexOf('@') + 1);
        AlertSender sender = new AlertSender(
                config,
                senderDomain,
                store,
                records,
                vertx,
                new AlertMail(config, links),
                mailer,
                recorder,
                mailServer,
                meters,
                clock,
                tracing);
        mails = new ClaimLoop<>(
                mail.poolSize(),
                max -> store.claim(max, mailer.claimLease()),
                AlertNotification::label,
                sender::send,
                database);
        ready.register("alert", health -> context.runOnContext(v -> health.tryComplete(status())));
        vertx.eventBus().consumer(Addresses.ALERT_RAISED, message -> mails.claimDue());
        vertx.setPeriodic(config.sweepInterval().toMillis(), t -> sweep());
        // The first picture of a process takes longer than a mail may wait for it.
        vertx.executeBlocking(HeartRateChart::warmUp)
                .onFailure(e -> LOG.warn("Alert mails have no pictures: {}", e.toString()));
        sweep();
        return Future.succeededFuture();
    }

    private void sweep() {
        store.release()
                .compose(v -> store.followUp(config))
                .compose(v -> store.measure(backlog))
                .compose(v -> store.giveUp(config.giveUpAfter()))
                .onSuccess(givenUp -> {
                    if (givenUp > 0) {
                        LOG.error("Gave up {} alert mails that were not sent within {}", givenUp, config.giveUpAfter());
                        meters.failed(givenUp);
                    }
                })
                .onComplete(done -> {
                    if (done.failed()) {
                        mails.databaseFailed(done.cause());
                    }
                    mails.claimDue();
                });
    }

    private Status status() {
        JsonObject data = backlog.json().put("sending", mails.inFlight()).put("mail", mailServer.reason());
        String reason = database.reason() == null ? backlog.overdue(config.staleAfter()) : database.reason();
        return reason == null ? Status.OK(data) : Status.KO(data.put("reason", reason));
    }

    @Override
    public Future<?> stop() {
        Future<Void> idle = mails.stop();
        long drainMs = Math.min(mail.timeout().toMillis(), MAX_DRAIN_TIME.toMillis());
        return within(drainMs, idle)
                .onComplete(v -> mailer.close())
                .compose(v -> within(FINAL_STORE_MS, idle))
                .onComplete(v -> recorder.close());
    }

    private Future<?> within(long limitMs, Future<Void> idle) {
        Future<Void> timeout = vertx.timer(limitMs).mapEmpty();
        return Future.any(idle, timeout);
    }
}
