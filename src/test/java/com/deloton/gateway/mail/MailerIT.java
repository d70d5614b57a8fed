package com.deloton.gateway.mail;

import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.MailConfig.Security;
import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.TestServers;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class MailerIT {
    private static final Path KEYS = TestServers.freshDirectory().resolve("localhost.p12");

    private static final Mailer.Attempt ATTEMPT =
            new Mailer.Attempt("id@example.com", 0, lease -> Future.succeededFuture(true));

    @BeforeAll
    static void makeKeys() throws Exception {
        Files.createDirectories(KEYS.resolveSibling("."));
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options =
                "-genkeypair -alias greenmail -keyalg RSA -dname CN=localhost -ext san=dns:localhost -validity 2"
                        + " -storetype PKCS12 -storepass changeit -keystore";
        List<String> command = new ArrayList<>(List.of(keytool));
        command.addAll(List.of(options.split(" ")));
        command.add(KEYS.toString());
        Process generation =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = generation.inputReader()) {
            String printed = output.readAllAsString();
            assertThat(generation.waitFor()).as(printed).isZero();
        }
        System.setProperty("greenmail.tls.keystore.file", KEYS.toString());
        System.setProperty("greenmail.tls.keystore.password", "changeit");
    }

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
        assertThat(send("localhost", Security.TLS, "secret", certificate(), "zoe@example.com"))
                .isEqualTo(new DeliveryResult.Accepted("id@example.com"));
        assertThat(server.getReceivedMessages())
                .singleElement()
                .satisfies(message -> assertThat(message.getMessageID()).isEqualTo("<id@example.com>"));
    }

    @Test
    void closingEndsADialogueWithASilentServer() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> arrived = new CompletableFuture<>();
        try (ScriptedSmtp hanging = new ScriptedSmtp()) {
            hanging.toMail(mail -> {
                arrived.complete(mail);
                return answer.join();
            });
            Mailer mailer = new Mailer(vertx, config("127.0.0.1", hanging.port(), Security.PLAIN, null, null));
            Future<DeliveryResult> sending = mailer.send(mail("zoe@example.com"), ATTEMPT);
            arrived.get(30, TimeUnit.SECONDS);

            mailer.close();

            assertThat(await(sending)).isInstanceOf(DeliveryResult.Unconfirmed.class);
        } finally {
            answer.complete("250 taken");
        }
    }

    @Test
    void sendsNothingToAServerOfAnotherName() throws Exception {
        assertThat(send("127.0.0.1", Security.TLS, "secret", certificate(), "zoe@example.com"))
                .isInstanceOf(DeliveryResult.Deferred.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void sendsNothingToAServerItDoesNotTrust() throws Exception {
        assertThat(send("localhost", Security.TLS, "secret", null, "zoe@example.com"))
                .isInstanceOf(DeliveryResult.Deferred.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void sendsNothingInTheClearWhereEncryptionIsAskedFor() throws Exception {
        assertThat(send("localhost", Security.STARTTLS, "secret", certificate(), "zoe@example.com"))
                .isInstanceOf(DeliveryResult.Deferred.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aWrongPasswordIsNoReasonToLoseTheMail() throws Exception {
        assertThat(send("localhost", Security.PLAIN, "wrong", null, "zoe@example.com"))
                .isInstanceOf(DeliveryResult.Deferred.class);
    }

    @Test
    void refusesRecipientsThatAreNotAllowed() throws Exception {
        assertThat(send("localhost", Security.PLAIN, "secret", null, "zoe@elsewhere.invalid"))
                .isEqualTo(new DeliveryResult.Refused(null, "domain not allowed"));
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    private DeliveryResult send(String host, Security security, String password, @Nullable Path trust, String to)
            throws Exception {
        int port = security == Security.TLS
                ? server.getSmtps().getPort()
                : server.getSmtp().getPort();
        Mailer mailer = new Mailer(vertx, config(host, port, security, password, trust));
        return await(mailer.send(mail(to), ATTEMPT));
    }

    private static MailConfig config(
            String host, int port, Security security, @Nullable String password, @Nullable Path trust) {
        return new MailConfig(
                host,
                port,
                security,
                password == null ? null : "gateway",
                password,
                trust,
                "alerts@example.com",
                "Deloton",
                Set.of("example.com"),
                2,
                Duration.ofSeconds(10));
    }

    private static OutgoingMail mail(String to) {
        return new OutgoingMail(List.of(to), "Hello", "Hello", "<p>Hello</p>");
    }

    private static Path certificate() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(KEYS)) {
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
