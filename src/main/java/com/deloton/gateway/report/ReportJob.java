package com.deloton.gateway.report;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.delivery.Backoff;
import com.deloton.gateway.delivery.ResultRecorder;
import com.deloton.gateway.mail.DeliveryResult;
import com.deloton.gateway.mail.Mailer;
import com.deloton.gateway.mail.OutgoingMail;
import com.deloton.gateway.ops.FaultLog;
import com.deloton.gateway.report.ReportStore.Claim;
import com.deloton.gateway.report.figures.FiguresQuery;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.report.render.ReportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, stores and mails one claimed report, and stores the result. Blocks: not for event loops. */
public final class ReportJob {
    private static final Logger LOG = LoggerFactory.getLogger(ReportJob.class);
    /** The mail is large: it may take longer than one about an alert. */
    private static final int MAIL_TIMEOUTS = 6;

    private final ReportConfig config;
    private final MailConfig mail;
    private final Vertx vertx;
    private final Pool pool;
    private final ReportStore store;
    private final ReportMail writer;
    private final Mailer mailer;
    private final InstantSource clock;
    private final Backoff backoff;
    private final ResultRecorder recorder;

    /** Accepted by the mail server, to be retried, or given up. */
    public enum Result {
        SENT,
        POSTPONED,
        FAILED
    }

    public ReportJob(
            ReportConfig config, MailConfig mail, String publicUrl, Vertx vertx, Pool pool, InstantSource clock) {
        this.config = config;
        this.mail = mail;
        this.vertx = vertx;
        this.pool = pool;
        this.clock = clock;
        store = new ReportStore(pool);
        writer = new ReportMail(config, mail, publicUrl);
        mailer = new Mailer(vertx, mail.withTimeout(lease()));
        backoff = new Backoff(config.firstBackoff(), config.maxBackoff());
        recorder = new ResultRecorder(vertx, new FaultLog(LOG, "Reports: using the database"));
    }

    /** Takes the day's figures from the warehouse. */
    public static ReportDocuments make(Pool pool, ReportDay day, ReportOptions options, InstantSource clock) {
        return ReportDocuments.of(FiguresQuery.read(pool, day, clock.instant()), options);
    }

    /** Makes and mails a new revision of a day's report; null if a gateway is working on that day. */
    public @Nullable Result runNow(LocalDate day, String requestedBy) {
        Claim claim = store.begin(day, config.zone(), requestedBy, lease()).await();
        return claim == null ? null : run(claim);
    }

    Duration lease() {
        return mail.timeout().multipliedBy(MAIL_TIMEOUTS);
    }

    /** Does not throw: an error postpones the report. */
    Result run(Claim claim) {
        if (claim.unconfirmed() >= Mailer.MAX_UNCONFIRMED) {
            String reason = "unconfirmed: the mail was sent %d times and the mail server never confirmed it"
                    .formatted(claim.unconfirmed());
            return recordResult(claim, new DeliveryResult.Refused(null, reason), 0);
        }
        long renewal = vertx.setPeriodic(lease().toMillis() / 3, t -> store.renew(claim, lease()));
        DeliveryResult result;
        int recipients = 0;
        try {
            List<String> to = recipients();
            recipients = to.size();
            ReportDocuments report = make(pool, new ReportDay(claim.day(), claim.zone()), writer.options(), clock);
            store.ready(claim, report.forArchive()).await();
            result = to.isEmpty()
                    ? new DeliveryResult.Refused(null, "report.recipients has no address in mail.allowed-domains")
                    : send(claim, writer.message(report, claim.revision(), to));
        } catch (Exception | LinkageError | StackOverflowError e) {
            LOG.error("The report of {} could not be made; it will be retried", claim.day(), e);
            result = new DeliveryResult.Deferred(
                    null, "not made: " + e.getClass().getSimpleName());
        } finally {
            vertx.cancelTimer(renewal);
        }
        return recordResult(claim, result, recipients);
    }

    private DeliveryResult send(Claim claim, OutgoingMail message) {
        return mailer.send(
                        message,
                        new Mailer.Attempt(
                                claim.messageId(writer.domain()),
                                claim.unconfirmed(),
                                lease -> store.transmit(claim, lease)))
                .await();
    }

    private List<String> recipients() {
        return config.recipients().stream()
                .filter(address -> {
                    String rejectionReason = mailer.allowed().rejectionReason(address);
                    if (rejectionReason != null) {
                        LOG.warn("A recipient of the daily report is skipped: {}", rejectionReason);
                    }
                    return rejectionReason == null;
                })
                .toList();
    }

    private Result recordResult(Claim claim, DeliveryResult result, int recipients) {
        return switch (result) {
            case DeliveryResult.Accepted accepted -> {
                store(() -> store.sent(claim, accepted.messageId(), recipients));
                LOG.info("The report of {} is mailed, revision {}", claim.day(), claim.revision());
                yield Result.SENT;
            }
            case DeliveryResult.Deferred deferred -> {
                LOG.warn("The report of {} is not mailed yet; it will be retried: {}", claim.day(), deferred.answer());
                yield retry(claim, deferred.answer(), claim.unconfirmed());
            }
            case DeliveryResult.Unconfirmed unconfirmed -> {
                LOG.warn("The report of {} is sent but not confirmed: {}", claim.day(), unconfirmed.answer());
                yield retry(claim, unconfirmed.answer(), claim.unconfirmed() + 1);
            }
            case DeliveryResult.ClaimLost lost -> {
                LOG.info("The report of {} is left to another gateway", claim.day());
                yield Result.POSTPONED;
            }
            case DeliveryResult.Refused refused -> {
                LOG.error("The mail server refused the report of {}: {}", claim.day(), refused.answer());
                yield result(store(() -> store.failed(claim, refused.answer())));
            }
        };
    }

    private Result retry(Claim claim, String reason, int unconfirmed) {
        return result(store(() ->
                store.postponed(claim, reason, unconfirmed, backoff.after(claim.attempt()), config.giveUpAfter())));
    }

    private static Result result(@Nullable Boolean givenUp) {
        return Boolean.TRUE.equals(givenUp) ? Result.FAILED : Result.POSTPONED;
    }

    /** Null if the gateway stops before the database has stored it. */
    private <T extends @Nullable Object> @Nullable T store(Supplier<Future<T>> write) {
        try {
            return recorder.record(write).await();
        } catch (Exception stopping) {
            return null;
        }
    }

    /** Ends a running report at its next step. */
    public Future<Void> close() {
        recorder.close();
        mailer.close();
        return Future.succeededFuture();
    }
}
