package com.deloton.gateway.report;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.ReportConfig;
import com.deloton.gateway.mail.DeliveryResult;
import com.deloton.gateway.mail.Mailer;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a claimed report, stores it, mails it and says so. Waits: not for event loops. */
public final class ReportJob {
    private static final Logger LOG = LoggerFactory.getLogger(ReportJob.class);
    /** The mail is large: it may take longer than one about an alert. */
    private static final int PATIENCE_IN_TIMEOUTS = 6;

    private static final long REMARK_NANOS = 250_000_000;

    private final ReportConfig config;
    private final MailConfig mail;
    private final Vertx vertx;
    private final Pool pool;
    private final ReportStore store;
    private final ReportMail writer;
    private final Mailer mailer;
    private final InstantSource clock;
    private volatile boolean closed;

    /** What has become of a report: taken by the mail server, to be tried again, or given up. */
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
    }

    /** A report for a reader who sees what the view has. */
    public static ReportDocuments make(Pool pool, ReportDay day, ReportOptions view, InstantSource clock) {
        return ReportDocuments.of(FiguresQuery.read(pool, day, clock.instant()), view);
    }

    /** Makes the report of a day anew and mails it; null if a gateway is busy with it. */
    public @Nullable Result runNow(LocalDate day, String requestedBy) {
        Claim claim = store.begin(day, config.zone(), requestedBy, lease()).await();
        return claim == null ? null : run(claim);
    }

    Duration lease() {
        return mail.timeout().multipliedBy(PATIENCE_IN_TIMEOUTS);
    }

    /** Does not throw: what goes wrong is a reason to try again. */
    Result run(Claim claim) {
        long keeping = vertx.setPeriodic(lease().toMillis() / 3, t -> store.keep(claim, lease()));
        DeliveryResult outcome;
        int recipients = 0;
        try {
            List<String> to = recipients();
            recipients = to.size();
            ReportDocuments report = make(pool, new ReportDay(claim.day(), claim.zone()), writer.view(), clock);
            store.ready(claim, report.forArchive()).await();
            outcome = to.isEmpty()
                    ? new DeliveryResult.Refused(null, "report.recipients has no address in mail.allowed-domains")
                    : mailer.send(writer.message(report, claim.revision(), to), claim.messageId(writer.domain()))
                            .await();
        } catch (Exception e) {
            LOG.error("The report of {} could not be made, will repeat", claim.day(), e);
            outcome = new DeliveryResult.Deferred(
                    null, "not made: " + e.getClass().getSimpleName());
        } finally {
            vertx.cancelTimer(keeping);
        }
        return settle(claim, outcome, recipients);
    }

    private List<String> recipients() {
        return config.recipients().stream()
                .filter(address -> {
                    String rejectionReason = mailer.allowed().rejectionReason(address);
                    if (rejectionReason != null) {
                        LOG.warn("A recipient of the daily report gets none: {}", rejectionReason);
                    }
                    return rejectionReason == null;
                })
                .toList();
    }

    private Result settle(Claim claim, DeliveryResult outcome, int recipients) {
        return switch (outcome) {
            case DeliveryResult.Accepted accepted -> {
                mark(() -> store.sent(claim, accepted.messageId(), recipients));
                LOG.info("The report of {} is mailed, revision {}", claim.day(), claim.revision());
                yield Result.SENT;
            }
            case DeliveryResult.Deferred deferred -> {
                LOG.warn("The report of {} is not mailed, will repeat: {}", claim.day(), deferred.answer());
                yield result(mark(() ->
                        store.postponed(claim, deferred.answer(), backoff(claim.attempt()), config.giveUpAfter())));
            }
            case DeliveryResult.Refused refused -> {
                LOG.error("The report of {} is refused: {}", claim.day(), refused.answer());
                yield result(mark(() -> store.failed(claim, refused.answer())));
            }
        };
    }

    private static Result result(@Nullable Boolean givenUp) {
        return Boolean.TRUE.equals(givenUp) ? Result.FAILED : Result.POSTPONED;
    }

    private Duration backoff(int attempt) {
        long doubled = config.firstBackoff().toMillis() << Math.min(attempt - 1, 20);
        long longest = Math.min(doubled, config.maxBackoff().toMillis());
        return Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }

    /** Repeats until the database has it, for a report that is not marked would be mailed again. */
    private <T extends @Nullable Object> @Nullable T mark(Supplier<Future<T>> marking) {
        while (true) {
            try {
                return marking.get().await();
            } catch (Exception e) {
                LOG.error("Reports: the database does not answer: {}", e.getMessage());
                if (closed) {
                    return null;
                }
                LockSupport.parkNanos(REMARK_NANOS);
            }
        }
    }

    /** Lets what runs end at its next step. */
    public Future<Void> close() {
        closed = true;
        return mailer.close();
    }
}
