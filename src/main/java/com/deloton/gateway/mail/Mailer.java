package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.MailConfig.Security;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Sends mails to allowed recipients. Its futures do not fail: an error is a {@link DeliveryResult}. */
public final class Mailer {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>]+@[^\\s<>]+");
    private static final int MAX_REPLY_LENGTH = 500;
    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final MailConfig config;
    private final MailClient client;
    private final AllowedRecipients allowed;

    public Mailer(Vertx vertx, MailConfig config) {
        this.config = config;
        allowed = new AllowedRecipients(config.allowedDomains());
        client = MailClient.create(vertx, options(config));
    }

    /** Leaves the endpoint identification algorithm unset: vertx-mail-client 5.0.7 disables the check if one is set. */
    private static io.vertx.ext.mail.MailConfig options(MailConfig config) {
        io.vertx.ext.mail.MailConfig options = new io.vertx.ext.mail.MailConfig()
                .setHostname(config.host())
                .setPort(config.port())
                .setSsl(config.security() == Security.TLS)
                .setStarttls(
                        config.security() == Security.STARTTLS ? StartTLSOptions.REQUIRED : StartTLSOptions.DISABLED)
                .setLogin(config.username() == null ? LoginOption.DISABLED : LoginOption.REQUIRED)
                .setMaxPoolSize(config.poolSize())
                .setKeepAlive(true)
                .setKeepAliveTimeout(30)
                .setKeepAliveTimeoutUnit(TimeUnit.SECONDS)
                .setUserAgent("deloton-gateway");
        options.setConnectTimeout((int) config.timeout().toMillis());
        if (config.username() != null) {
            options.setUsername(config.username()).setPassword(config.password());
        }
        if (config.trustCert() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(config.trustCert().toString()));
        }
        return options;
    }

    public AllowedRecipients allowed() {
        return allowed;
    }

    /**
     * Sends one mail; sets the sender.
     *
     * @param messageId without angle brackets; the same at each attempt, so that receivers can drop repetitions
     */
    public Future<DeliveryResult> send(MailMessage mail, String messageId) {
        for (String to : recipients(mail)) {
            String rejectionReason = allowed.rejectionReason(to);
            if (rejectionReason != null) {
                return Future.succeededFuture(new DeliveryResult.Refused(null, rejectionReason));
            }
        }
        mail.setFrom(config.fromName().isBlank() ? config.from() : "%s (%s)".formatted(config.from(), name()));
        mail.addHeader("Message-ID", "<" + MailText.line(messageId) + ">");
        mail.addHeader("Auto-Submitted", "auto-generated");
        mail.addHeader("X-Auto-Response-Suppress", "All");
        return client.sendMail(mail)
                .timeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .<DeliveryResult>map(sent -> new DeliveryResult.Accepted(messageId))
                .otherwise(Mailer::result);
    }

    private String name() {
        return MailText.line(config.fromName()).replaceAll("[()\\\\]", "");
    }

    private static List<String> recipients(MailMessage mail) {
        List<String> all = new ArrayList<>();
        for (List<String> some : java.util.Arrays.asList(mail.getTo(), mail.getCc(), mail.getBcc())) {
            if (some != null) {
                all.addAll(some);
            }
        }
        return all;
    }

    /** A 55x answer refuses this mail; any other may concern the server or the gateway's configuration. */
    private static DeliveryResult result(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof SMTPException smtp) {
            int code = smtp.getReplyCode();
            String answer = answer(String.join(" ", smtp.getReplyMessages()));
            return code >= 550 && code < 560
                    ? new DeliveryResult.Refused(code, answer)
                    : new DeliveryResult.Deferred(code, answer);
        }
        return new DeliveryResult.Deferred(null, answer(message == null ? failure.toString() : message));
    }

    private static String answer(String text) {
        String safe = ADDRESS.matcher(MailText.line(text)).replaceAll("(address)");
        return safe.length() <= MAX_REPLY_LENGTH ? safe : safe.substring(0, MAX_REPLY_LENGTH);
    }

    /** Waits at most 2 s for mails in flight; the client alone would wait for a silent server without limit. */
    public Future<Void> close() {
        return client.close().timeout(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
    }
}
