package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AlertNotification.Kind;
import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.delivery.Backoff;
import com.deloton.gateway.delivery.OutageLog;
import com.deloton.gateway.delivery.ResultRecorder;
import com.deloton.gateway.event.Addresses;
import com.deloton.gateway.mail.DeliveryResult;
import com.deloton.gateway.mail.Mailer;
import com.deloton.gateway.ops.ProcessResources;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails riders about their alerts. An event or the sweep starts it: it claims due mails, sends them and stores the
 * results. Any number of gateways share the work: a claimed mail belongs to one gateway at a time. A mail is repeated,
 * under the same Message-ID, if a gateway dies before it stores the result or the mail server accepts after the timeout.
 */
public final class AlertVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AlertVerticle.class);
    private static final int LEASE_IN_TIMEOUTS = 3;

    private final AlertConfig config;
    private final MailConfig mail;
    private final AlertStore store;
    private final AlertMeters meters;
    private final HealthChecks ready;
    private final InstantSource clock;
    private final AlertMail writer;
    private final Set<String> inFlight = new HashSet<>();
    private final Promise<Void> idle = Promise.promise();
    private Mailer mailer;
    private final OutageLog database = new OutageLog(LOG, "Alerts: the database");
    private final OutageLog mailServer = new OutageLog(LOG, "Alerts: the mail server");
    private final Backoff backoff;
    private ResultRecorder recorder;
    private boolean claiming;
    private boolean claimAgain;
    private boolean stopping;

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
        store = new AlertStore(resources.pool());
        meters = new AlertMeters(resources.registry());
        backoff = new Backoff(config.firstBackoff(), config.maxBackoff());
        writer = new AlertMail(config, link(config, publicUrl));
    }

    /** Adds the pages that the links in mails open. They need neither login nor body handler. */
    public static void mountPages(Router router, AlertConfig config, String publicUrl, Pool pool, InstantSource clock) {
        new AcknowledgePage(link(config, publicUrl), new AlertStore(pool), clock).mount(router);
    }

    private static AcknowledgeLink link(AlertConfig config, String publicUrl) {
        return new AcknowledgeLink(config.linkSecret(), publicUrl, config.linkValidity());
    }

    @Override
    public Future<?> start() {
        mailer = new Mailer(vertx, mail);
        recorder = new ResultRecorder(vertx, database);
        ready.register("alert", health -> context.runOnContext(v -> health.tryComplete(status())));
        vertx.eventBus().consumer(Addresses.ALERT_RAISED, message -> claimDue());
        vertx.setPeriodic(config.sweepInterval().toMillis(), t -> sweep());
        sweep();
        return Future.succeededFuture();
    }

    private void sweep() {
        store.followUp(config)
                .compose(v -> store.giveUp(config.giveUpAfter()))
                .onSuccess(givenUp -> {
                    if (givenUp > 0) {
                        LOG.error("Gave up {} alert mails that were not sent within {}", givenUp, config.giveUpAfter());
                        meters.failed(givenUp);
                    }
                })
                .onComplete(done -> {
                    if (done.failed()) {
                        database.failed(done.cause());
                    }
                    claimDue();
                });
    }

    /** Claims as many mails as can be sent at once; repeats until no more are due. */
    private void claimDue() {
        int free = mail.poolSize() - inFlight.size();
        if (claiming || stopping || free <= 0) {
            claimAgain = claiming;
            return;
        }
        claiming = true;
        store.claim(free, mail.timeout().multipliedBy(LEASE_IN_TIMEOUTS))
                .onSuccess(notifications -> {
                    database.succeeded();
                    notifications.forEach(this::deliver);
                    claimAgain |= notifications.size() == free;
                })
                .onFailure(database::failed)
                .onComplete(done -> {
                    claiming = false;
                    if (claimAgain && done.succeeded()) {
                        claimAgain = false;
                        claimDue();
                    }
                });
    }

    private void deliver(AlertNotification notification) {
        String slot = "%d/%d/%s"
                .formatted(notification.key().rideId(), notification.key().firstS(), notification.kind());
        if (!inFlight.add(slot)) {
            return;
        }
        send(notification).onComplete(done -> {
            inFlight.remove(slot);
            if (stopping && inFlight.isEmpty()) {
                idle.tryComplete();
            }
            claimDue();
        });
    }

    private Future<Void> send(AlertNotification notification) {
        List<String> to = new ArrayList<>();
        String rejectionReason = recipients(notification, to);
        if (rejectionReason != null) {
            LOG.warn(
                    "Alert {} of rider {} is not mailed: {}",
                    notification.key(),
                    notification.rider().riderId(),
                    rejectionReason);
            return recorder.record(() -> store.suppressed(notification, rejectionReason));
        }
        return mailer.send(writer.message(notification, to, clock.instant()), notification.messageId(domain()))
                .compose(result -> recordResult(notification, result));
    }

    private String domain() {
        return mail.from().substring(mail.from().lastIndexOf('@') + 1);
    }

    /** Adds the addresses to {@code to}; without any, returns why. */
    private @Nullable String recipients(AlertNotification notification, List<String> to) {
        if (notification.kind() == Kind.ESCALATION) {
            config.staff().stream()
                    .filter(address -> mailer.allowed().rejectionReason(address) == null)
                    .forEach(to::add);
            return to.isEmpty() ? "domain not allowed" : null;
        }
        String address = notification.rider().address();
        String rejectionReason =
                notification.optOut() ? "opt_out" : mailer.allowed().rejectionReason(address);
        if (rejectionReason == null) {
            to.add(Objects.requireNonNull(address));
        }
        return rejectionReason;
    }

    private Future<Void> recordResult(AlertNotification notification, DeliveryResult result) {
        return switch (result) {
            case DeliveryResult.Accepted accepted -> {
                mailServer.succeeded();
                meters.accepted(notification, Duration.between(notification.receivedAt(), clock.instant()));
                yield recorder.record(() -> store.sent(notification, accepted));
            }
            case DeliveryResult.Deferred deferred -> {
                mailServer.failed(deferred.answer());
                meters.retried();
                yield recorder.record(
                        () -> store.deferred(notification, deferred, backoff.after(notification.attempt())));
            }
            case DeliveryResult.Refused refused -> {
                LOG.error("The mail server refused the mail about alert {}: {}", notification.key(), refused.answer());
                meters.failed(1);
                yield recorder.record(() -> store.refused(notification, refused));
            }
        };
    }

    private Status status() {
        JsonObject data = new JsonObject().put("sending", inFlight.size()).put("mail", mailServer.reason());
        return database.reason() == null ? Status.OK(data) : Status.KO(data.put("reason", database.reason()));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        if (inFlight.isEmpty()) {
            idle.tryComplete();
        }
        recorder.close();
        Future<Void> timeout = vertx.timer(mail.timeout().toMillis()).mapEmpty();
        return Future.any(idle.future(), timeout).eventually(() -> mailer.close());
    }
}
