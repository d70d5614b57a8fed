package com.deloton.gateway.mail;

import static com.deloton.gateway.testing.IngestRig.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.MailConfig.Security;
import com.deloton.gateway.testing.TestServers;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailMessage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailerTest {
    private final Vertx vertx = Vertx.vertx();
    private final GreenMail server = new GreenMail(new ServerSetup[] {
        new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP),
        new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTPS)
    });

    @BeforeEach
    void start() {
        server.getManagers().getUserManager().setAuthRequired(true);
        server.setUser("gateway@example.com", "gateway", "secret");
        server.start();
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        server.stop();
    }

    @Test
    void sendsOverTlsWithALoginToAServerItTrusts() throws Exception {
        assertThat(send(Security.TLS, "secret", certificate(), "zoe@example.com"))
                .isEqualTo(new Outcome.Accepted("id@example.com"));
        assertThat(server.getReceivedMessages())
                .singleElement()
                .satisfies(message -> assertThat(message.getMessageID()).isEqualTo("<id@example.com>"));
    }

    @Test
    void sendsNothingToAServerItDoesNotTrust() throws Exception {
        assertThat(send(Security.TLS, "secret", null, "zoe@example.com")).isInstanceOf(Outcome.Deferred.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void sendsNothingInTheClearWhereEncryptionIsAskedFor() throws Exception {
        assertThat(send(Security.STARTTLS, "secret", certificate(), "zoe@example.com"))
                .isInstanceOf(Outcome.Deferred.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aWrongPasswordIsNoReasonToLoseTheMail() throws Exception {
        assertThat(send(Security.PLAIN, "wrong", null, "zoe@example.com")).isInstanceOf(Outcome.Deferred.class);
    }

    @Test
    void refusesRecipientsThatAreNotAllowed() throws Exception {
        assertThat(send(Security.PLAIN, "secret", null, "zoe@elsewhere.invalid"))
                .isEqualTo(new Outcome.Refused(null, "domain not allowed"));
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    private Outcome send(Security security, String password, @Nullable Path trust, String to) throws Exception {
        int port = security == Security.TLS
                ? server.getSmtps().getPort()
                : server.getSmtp().getPort();
        MailConfig config = new MailConfig(
                "localhost",
                port,
                security,
                "gateway",
                password,
                trust,
                "alerts@example.com",
                "Deloton",
                Set.of("example.com"),
                2,
                Duration.ofSeconds(10));
        MailMessage message = new MailMessage().setTo(to).setSubject("Hello").setText("Hello");
        return await(new Mailer(vertx, config).send(message, "id@example.com"));
    }

    private static Path certificate() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Objects.requireNonNull(GreenMail.class.getResourceAsStream("/greenmail.p12"))) {
            store.load(in, "changeit".toCharArray());
        }
        byte[] der = store.getCertificate(store.aliases().nextElement()).getEncoded();
        Path directory = Files.createDirectories(TestServers.freshDirectory());
        return Files.writeString(
                directory.resolve("mail.pem"),
                "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                        .formatted(Base64.getMimeEncoder().encodeToString(der)));
    }
}
