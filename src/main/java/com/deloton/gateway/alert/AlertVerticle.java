package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AlertNotification.Kind;
import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.config.MailConfig;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails riders about their episodes. Woken by the event bus and by a sweep, it claims what is due, mails it and marks
 * it. Any number of gateways may do so: a mail belongs to one of them at a time. It is sent again, under the same
 * Message-ID, only if a gateway does not live to mark it or the mail server takes it after the timeout.
 */
public final class AlertVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AlertVerticle.class);
    private static final Duration MARK_RETRY_DELAY = Duration.ofMillis(250);
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
    private boolean claiming;
    private boolean wokenMeanwhile;
    private boolean stopping;
    private @Nullable String databaseTrouble;
    private @Nullable String mailTrouble;

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
        writer = new AlertMail(config, link(config, publicUrl));
    }

    /** Adds the pages that the links in mails lead to. They need no login, and no body handler. */
    public static void mountPages(Router router, AlertConfig config, String publicUrl, Pool pool, InstantSource clock) {
        new AcknowledgePage(link(config, publicUrl), new AlertStore(pool), clock).mount(router);
    }

    private static AcknowledgeLink link(AlertConfig config, String publicUrl) {
        return new AcknowledgeLink(config.linkSecret(), publicUrl, config.linkValidity());
    }

    @Override
    public Future<?> start() {
        mailer = new Mailer(vertx, mail);
        ready.register("alert", health -> context.runOnContext(v -> health.complete(status())));
        vertx.eventBus().consumer(Addresses.ALERT_RAISED, message -> pump());
        vertx.setPeriodic(config.sweepInterval().toMillis(), t -> sweep());
        sweep();
        return Future.succeededFuture();
    }

    private void sweep() {
        store.followUp(config)
                .compose(v -> store.giveUp(config.giveUpAfter()))
                .onSuccess(given -> {
                    if (given > 0) {
                        LOG.error("Gave up {} mails about heart-rate alerts after {}", given, config.giveUpAfter());
                        meters.failed(given);
                    }
                })
                .onComplete(done -> {
                    if (done.failed()) {
                        trouble(done.cause());
                    }
                    pump();
                });
    }

    /** Claims as many mails as can be sent at once; goes on while there are more. */
    private void pump() {
        int free = mail.poolSize() - inFlight.size();
        if (claiming || stopping || free <= 0) {
            wokenMeanwhile = claiming;
            return;
        }
        claiming = true;
        store.claim(free, mail.timeout().multipliedBy(LEASE_IN_TIMEOUTS))
                .onSuccess(notes -> {
                    databaseTrouble = null;
                    notes.forEach(this::handle);
                    wokenMeanwhile |= notes.size() == free;
                })
                .onFailure(this::trouble)
                .onComplete(done -> {
                    claiming = false;
                    if (wokenMeanwhile && done.succeeded()) {
                        wokenMeanwhile = false;
                        pump();
                    }
                });
    }

    private void handle(AlertNotification note) {
        String slot = "%d/%d/%s".formatted(note.key().rideId(), note.key().firstS(), note.kind());
        if (!inFlight.add(slot)) {
            return;
        }
        send(note).onComplete(done -> {
            inFlight.remove(slot);
            if (stopping && inFlight.isEmpty()) {
                idle.tryComplete();
            }
            pump();
        });
    }

    private Future<Void> send(AlertNotification note) {
        List<String> to = new ArrayList<>();
        String rejectionReason = recipients(note, to);
        if (rejectionReason != null) {
            LOG.warn(
                    "Alert {} of rider {} is not mailed: {}",
                    note.key(),
                    note.rider().riderId(),
                    rejectionReason);
            return mark(() -> store.suppressed(note, rejectionReason));
        }
        return mailer.send(writer.message(note, to, clock.instant()), note.messageId(domain()))
                .compose(outcome -> settle(note, outcome));
    }

    private String domain() {
        return mail.from().substring(mail.from().lastIndexOf('@') + 1);
    }

    /** Fills in who gets the mail, or says why nobody does. */
    private @Nullable String recipients(AlertNotification note, List<String> to) {
        if (note.kind() == Kind.ESCALATION) {
            config.staff().stream()
                    .filter(address -> mailer.allowed().rejectionReason(address) == null)
                    .forEach(to::add);
            return to.isEmpty() ? "domain not allowed" : null;
        }
        String address = note.rider().address();
        String rejectionReason = note.optOut() ? "opt_out" : mailer.allowed().rejectionReason(address);
        if (rejectionReason == null) {
            to.add(Objects.requireNonNull(address));
        }
        return rejectionReason;
    }

    private Future<Void> settle(AlertNotification note, DeliveryResult outcome) {
        return switch (outcome) {
            case DeliveryResult.Accepted accepted -> {
                mailTrouble = null;
                meters.accepted(note, Duration.between(note.receivedAt(), clock.instant()));
                yield mark(() -> store.sent(note, accepted));
            }
            case DeliveryResult.Deferred deferred -> {
                if (!deferred.answer().equals(mailTrouble)) {
                    LOG.warn("The mail server did not take a mail, will repeat: {}", deferred.answer());
                }
                mailTrouble = deferred.answer();
                meters.retried();
                yield mark(() -> store.deferred(note, deferred, backoff(note.attempt())));
            }
            case DeliveryResult.Refused refused -> {
                LOG.error("The mail about {} is refused: {}", note.key(), refused.answer());
                meters.failed(1);
                yield mark(() -> store.refused(note, refused));
            }
        };
    }

    private Duration backoff(int attempt) {
        long doubled = config.firstBackoff().toMillis() << Math.min(attempt - 1, 20);
        long longest = Math.min(doubled, config.maxBackoff().toMillis());
        return Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }

    /** Repeats until the database has it, for a mail that is not marked would be sent again. */
    private Future<Void> mark(Supplier<Future<Void>> marking) {
        return marking.get().recover(failure -> {
            trouble(failure);
            return stopping
                    ? Future.failedFuture(failure)
                    : vertx.timer(MARK_RETRY_DELAY.toMillis()).compose(t -> mark(marking));
        });
    }

    private void trouble(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        if (!text.equals(databaseTrouble)) {
            LOG.error("Alerts: the database does not answer: {}", text);
        }
        databaseTrouble = text;
    }

    private Status status() {
        JsonObject data = new JsonObject().put("sending", inFlight.size()).put("mail", mailTrouble);
        return databaseTrouble == null ? Status.OK(data) : Status.KO(data.put("reason", databaseTrouble));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        if (inFlight.isEmpty()) {
            idle.tryComplete();
        }
        Future<Void> patienceOver = vertx.timer(mail.timeout().toMillis()).mapEmpty();
        return Future.any(idle.future(), patienceOver).eventually(() -> mailer.close());
    }
}
