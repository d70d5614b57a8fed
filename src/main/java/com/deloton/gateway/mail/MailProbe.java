package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.mail.SmtpDialogue.Answer;
import io.vertx.core.Vertx;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Opens a session with the mail server as a mail does, with encryption, certificate and login, and sends nothing. */
public final class MailProbe {
    private MailProbe() {}

    /** Why no session can be opened; null if one can. Blocks for {@code mail.timeout} at most. */
    public static @Nullable String failure(Vertx vertx, MailConfig config) {
        SmtpConnector connector = new SmtpConnector(config);
        Deadline deadline = new Deadline(vertx, config.timeout());
        try {
            SmtpDialogue dialogue = connector.connect(connector.session(false), deadline);
            deadline.cancel();
            dialogue.close();
            return null;
        } catch (IOException | GeneralSecurityException | MessagingException e) {
            return reason(deadline, e);
        } finally {
            deadline.expire();
        }
    }

    private static String reason(Deadline deadline, Exception failure) {
        if (deadline.isExpired()) {
            return "no answer within %s s".formatted(deadline.limit().toMillis() / 1_000.0);
        }
        SmtpDialogue dialogue = deadline.dialogue();
        Answer rejection = dialogue == null ? null : dialogue.rejection();
        return MailText.line(rejection == null ? Mailer.reason(failure) : rejection.text());
    }
}
