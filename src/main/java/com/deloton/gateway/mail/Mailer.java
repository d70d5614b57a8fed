package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.mail.SmtpDialogue.Answer;
import com.deloton.gateway.mail.SmtpDialogue.Stage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Sends mails to allowed recipients, each over its own connection and on its own virtual thread. A dialogue that exceeds
 * its limit is closed, so it cannot send anything later. The futures do not fail: an error is a {@link DeliveryResult}.
 */
public final class Mailer {
    /** How often a mail may be sent without an answer to its final dot. */
    public static final int MAX_UNCONFIRMED = 2;

    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>]+@[^\\s<>]+");
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final int MAX_ANSWER_LENGTH = 500;
    private static final int FINAL_ANSWER_TIMEOUTS = 3;

    private final Vertx vertx;
    private final MailConfig config;
    private final SmtpConnector connector;
    private final AllowedRecipients allowed;
    private final Set<Deadline> inProgress = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * One attempt to send a mail.
     *
     * @param messageId without angle brackets; the same at each attempt, so that receivers can drop repetitions
     * @param unconfirmed earlier attempts without an answer to the final dot: the answer is awaited longer
     * @param claim renews this gateway's claim on the mail for the given time, right before DATA; false if it is lost
     */
    public record Attempt(String messageId, int unconfirmed, Claim claim) {}

    /** See {@link Attempt}. */
    @FunctionalInterface
    public interface Claim {
        Future<Boolean> renew(Duration lease);
    }

    public Mailer(Vertx vertx, MailConfig config) {
        this.vertx = vertx;
        this.config = config;
        connector = new SmtpConnector(config);
        allowed = new AllowedRecipients(config.allowedDomains());
    }

    public AllowedRecipients allowed() {
        return allowed;
    }

    /** The time from the start of an attempt to its claim check, at most. */
    public Duration claimLease() {
        return config.timeout().multipliedBy(2);
    }

    /** Completes on the caller's context. */
    public Future<DeliveryResult> send(OutgoingMail mail, Attempt attempt) {
        List<String> recipients = new ArrayList<>();
        for (String to : mail.to()) {
            String rejectionReason = allowed.rejectionReason(to);
            String sendable = AllowedRecipients.sendable(String.valueOf(to));
            if (rejectionReason != null || sendable == null) {
                return Future.succeededFuture(new DeliveryResult.Refused(null, String.valueOf(rejectionReason)));
            }
            recipients.add(sendable);
        }
        OutgoingMail sendable = mail.withRecipients(recipients);
        Context context = vertx.getOrCreateContext();
        Promise<DeliveryResult> sent = Promise.promise();
        Thread.ofVirtual().name("mail").start(() -> {
            DeliveryResult result = deliver(sendable, attempt);
            try {
                context.runOnContext(v -> sent.complete(result));
            } catch (RejectedExecutionException vertxIsClosed) {
                sent.tryComplete(result);
            }
        });
        return sent.future();
    }

    private DeliveryResult deliver(OutgoingMail mail, Attempt attempt) {
        Deadline deadline = new Deadline(vertx, config.timeout());
        inProgress.add(deadline);
        if (closed) {
            deadline.expire();
        }
        try {
            deliver(mail, attempt, deadline);
            return new DeliveryResult.Accepted(attempt.messageId());
        } catch (ClaimLostException e) {
            return new DeliveryResult.ClaimLost();
        } catch (UndeliverableException e) {
            return new DeliveryResult.Refused(null, answer(String.valueOf(e.getMessage())));
        } catch (Exception | LinkageError | StackOverflowError e) {
            return failure(attempt, deadline, e);
        } finally {
            deadline.cancel();
            inProgress.remove(deadline);
        }
    }

    private void deliver(OutgoingMail mail, Attempt attempt, Deadline deadline)
            throws IOException, GeneralSecurityException, MessagingException {
        boolean utf8 = mail.to().stream().anyMatch(to -> !ASCII.matcher(to).matches());
        Session session = connector.session(utf8);
        MimeMessage message = MimeWriter.write(config, session, mail, attempt.messageId());
        SmtpDialogue dialogue = connector.connect(session, deadline);
        try {
            if (utf8 && !dialogue.supportsExtension("SMTPUTF8")) {
                throw new UndeliverableException(
                        "the local part of the address is not ASCII and the mail server does not offer SMTPUTF8");
            }
            Duration finalAnswer = config.timeout().multipliedBy(FINAL_ANSWER_TIMEOUTS * (1L + attempt.unconfirmed()));
            Duration lease = config.timeout().plus(finalAnswer).plus(config.timeout());
            long leaseEnds = System.nanoTime() + lease.toNanos();
            dialogue.expect(() -> renew(attempt.claim(), lease), () -> {
                if (System.nanoTime() > leaseEnds - finalAnswer.toNanos()) {
                    throw new ClaimLostException();
                }
                deadline.extend(finalAnswer);
            });
            dialogue.sendMessage(message, message.getAllRecipients());
        } finally {
            end(dialogue, deadline);
        }
    }

    private void renew(Claim claim, Duration lease) {
        boolean renewed = claim.renew(lease)
                .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .await();
        if (!renewed) {
            throw new ClaimLostException();
        }
    }

    /** Says QUIT only where the server expects a command; otherwise closes the socket. */
    private static void end(SmtpDialogue dialogue, Deadline deadline) {
        Stage stage = dialogue.stage();
        if (deadline.isExpired() || stage == Stage.DATA || stage == Stage.FINAL_DOT) {
            deadline.expire();
            return;
        }
        try {
            dialogue.close();
        } catch (MessagingException e) {
            deadline.expire();
        }
    }

    private DeliveryResult failure(Attempt attempt, Deadline deadline, Throwable failure) {
        SmtpDialogue dialogue = deadline.dialogue();
        Stage stage = dialogue == null ? Stage.SESSION : dialogue.stage();
        Answer rejection = dialogue == null ? null : dialogue.rejection();
        if (stage == Stage.ACCEPTED) {
            return new DeliveryResult.Accepted(attempt.messageId());
        }
        if (rejection != null) {
            String answer = answer(rejection.text());
            return SmtpRejection.isFinal(stage, rejection)
                    ? new DeliveryResult.Refused(rejection.code(), answer)
                    : new DeliveryResult.Deferred(rejection.code(), answer);
        }
        String reason = deadline.isExpired()
                ? "the mail server did not answer within %s s (%s)"
                        .formatted(deadline.limit().toMillis() / 1_000.0, stage)
                : answer(reason(failure));
        return stage == Stage.FINAL_DOT
                ? new DeliveryResult.Unconfirmed(reason)
                : new DeliveryResult.Deferred(null, reason);
    }

    /** The message of the innermost cause. */
    static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String answer(String text) {
        String safe = ADDRESS.matcher(MailText.line(text)).replaceAll("(address)");
        return safe.length() <= MAX_ANSWER_LENGTH ? safe : safe.substring(0, MAX_ANSWER_LENGTH);
    }

    /** Ends all dialogues at once; a mail whose final dot is not answered is then unconfirmed. */
    public void close() {
        closed = true;
        inProgress.forEach(Deadline::expire);
    }

    /** Another gateway has the claim. */
    private static final class ClaimLostException extends RuntimeException {
        ClaimLostException() {
            super("claim lost", null, false, false);
        }
    }

    /** This mail server cannot take the mail. */
    private static final class UndeliverableException extends RuntimeException {
        UndeliverableException(String reason) {
            super(reason, null, false, false);
        }
    }
}
