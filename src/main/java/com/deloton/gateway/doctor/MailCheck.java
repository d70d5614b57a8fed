package com.deloton.gateway.doctor;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.mail.MailProbe;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Callable;

/** The mail server opens a session, with {@code mail.security} and the login. Sends no mail. */
record MailCheck(MailConfig mail) implements Callable<List<Finding>> {
    @Override
    public List<Finding> call() {
        String address = mail.host() + ":" + mail.port();
        Vertx vertx = Vertx.vertx();
        try {
            String failure = MailProbe.failure(vertx, mail);
            return List.of(
                    failure == null
                            ? Finding.ok(
                                    "mail",
                                    address + " is ready for SMTP"
                                            + (mail.username() == null ? "" : " and accepts mail.user"))
                            : Finding.fail(
                                    "mail",
                                    "%s does not open a session: %s; check mail.host, mail.port, mail.security and mail.user"
                                            .formatted(address, failure)));
        } finally {
            vertx.close();
        }
    }
}
