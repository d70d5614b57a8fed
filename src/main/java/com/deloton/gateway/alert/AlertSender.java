package com.deloton.gateway.alert;

import com.deloton.gateway.alert.AlertNotification.Kind;
import com.deloton.gateway.alert.HeartRateChart.Picture;
import com.deloton.gateway.config.AlertConfig;
import com.deloton.gateway.delivery.Backoff;
import com.deloton.gateway.delivery.ResultRecorder;
import com.deloton.gateway.mail.DeliveryResult;
import com.deloton.gateway.mail.Mailer;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.ops.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends one claimed mail and stores the result. */
final class AlertSender {
    private static final Logger LOG = LoggerFactory.getLogger(AlertSender.class);
    private static final String STALE = "stale";
    /** The second copy is the last one: it must not be lost in the same short outage. */
    private static final int UNCONFIRMED_DOUBLINGS = 4;

    private static final long PICTURE_TIMEOUT_MS = 2_000;

    private final AlertConfig config;
    private final String senderDomain;
    private final AlertStore store;
    private final AlertRecord.Store records;
    private final Vertx vertx;
    private final AlertMail writer;
    private final Mailer mailer;
    private final ResultRecorder recorder;
    private final FaultLog mailServer;
    private final AlertMeters meters;
    private final InstantSource clock;
    private final Tracing tracing;
    private final Backoff backoff;

    AlertSender(
            AlertConfig config,
            String senderDomain,
            AlertStore store,
            AlertRecord.Store records,
            Vertx vertx,
            AlertMail writer,
            Mailer mailer,
            ResultRecorder recorder,
            FaultLog mailServer,
            AlertMeters meters,
            InstantSource clock,
            Tracing tracing) {
        this.config = config;
        this.senderDomain = senderDomain;
        this.store = store;
        this.records = records;
        this.vertx = vertx;
        this.writer = writer;
        this.mailer = mailer;
        this.recorder = recorder;
        this.mailServer = mailServer;
        this.meters = meters;
        this.clock = clock;
        this.tracing = tracing;
        backoff = new Backoff(config.firstBackoff(), config.maxBackoff());
    }

    /** Completes when the result is stored. */
    Future<Void> send(AlertNotification notification) {
        Long silence = notification.silence();
        if (silence != null) {
            LOG.info("Alert mail {} is not sent: silence {} covers it", notification.label(), silence);
            return recorder.record(() -> store.silenced(notification, silence));
        }
        Duration age = notification.ageAt(clock.instant());
        if (age.compareTo(config.discardAfter()) > 0) {
            LOG.warn("Alert mail {} is not sent: it is {} s old", notification.label(), age.toSeconds());
            meters.discarded();
            return recorder.record(() -> store.suppressed(notification, STALE));
        }
        if (notification.unconfirmed() >= Mailer.MAX_UNCONFIRMED) {
            String reason = "unconfirmed: the mail was sent %d times and the mail server never confirmed it"
                    .formatted(notification.unconfirmed());
            LOG.error("Alert mail {} failed: {}", notification.label(), reason);
            meters.failed(1);
            return recorder.record(() -> store.failed(notification, reason));
        }
        List<String> to = new ArrayList<>();
        String rejectionReason = recipients(notification, to);
        if (rejectionReason != null) {
            LOG.warn("Alert mail {} is not sent: {}", notification.label(), rejectionReason);
            return recorder.record(() -> store.suppressed(notification, rejectionReason));
        }
        boolean late = age.compareTo(config.staleAfter()) > 0;
        Span span = tracing.tracer()
                .spanBuilder("mail " + notification.kind().label())
                .setSpanKind(SpanKind.CLIENT)
                .setParent(Tracing.parent(notification.traceparent()))
                .setAttribute("deloton.mail.attempt", (long) notification.attempt())
                .startSpan();
        return picture(notification)
                .onComplete(drawn -> span.addEvent("picture drawn"))
                .compose(picture -> mailer.send(
                        writer.message(notification, to, clock.instant(), late, picture),
                        new Mailer.Attempt(
                                notification.messageId(senderDomain),
                                notification.unconfirmed(),
                                lease -> store.renew(notification, lease))))
                .recover(failure -> Future.succeededFuture(
                        new DeliveryResult.Deferred(null, "the mail cannot be written: " + failure)))
                .onComplete(sent -> end(span, sent.result()))
                .compose(result -> recordResult(notification, result));
    }

    private static void end(Span span, @Nullable DeliveryResult result) {
        String name = result == null ? "failed" : result.getClass().getSimpleName();
        span.setAttribute("deloton.mail.result", name);
        if (!(result instanceof DeliveryResult.Accepted || result instanceof DeliveryResult.ClaimLost)) {
            span.setStatus(StatusCode.ERROR, name);
        }
        span.end();
    }

    /** Null without enough readings, and if it cannot be made in time: a mail does not wait for its picture. */
    private Future<@Nullable Picture> picture(AlertNotification notification) {
        return records.points(notification.key(), HeartRateChart.SECONDS)
                .compose(points -> vertx.<@Nullable Picture>executeBlocking(
                        () -> HeartRateChart.draw(points, notification.limits(), notification.bpm()), false))
                .timeout(PICTURE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onFailure(failure -> LOG.warn(
                        "Alert mail {} has no picture: {}", notification.label(), String.valueOf(failure.getMessage())))
                .otherwise((Picture) null);
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
                Duration wait = backoff.after(notification.attempt());
                yield recorder.record(() -> store.deferred(notification, deferred, wait));
            }
            case DeliveryResult.Unconfirmed unconfirmed -> {
                mailServer.failed(unconfirmed.answer());
                meters.retried();
                Duration wait = backoff.after(notification.attempt() + UNCONFIRMED_DOUBLINGS);
                yield recorder.record(() -> store.unconfirmed(notification, unconfirmed, wait));
            }
            case DeliveryResult.Refused refused -> {
                LOG.error("Alert mail {} was refused: {}", notification.label(), refused.answer());
                meters.failed(1);
                yield recorder.record(() -> store.refused(notification, refused));
            }
            case DeliveryResult.ClaimLost lost -> {
                LOG.info("Alert mail {} is left to another gateway", notification.label());
                yield Future.succeededFuture();
            }
        };
    }
}
