package com.deloton.gateway.mail;

import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.MailConfig.Security;
import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.TestServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StartTlsIT {
    private static final Path DIRECTORY = TestServers.freshDirectory();
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedSmtp server = new ScriptedSmtp();

    @BeforeAll
    static void makeCertificates() throws Exception {
        Files.createDirectories(DIRECTORY);
        certificate("valid", "localhost", "-validity 2");
        certificate("expired", "localhost", "-startdate -10d -validity 5");
        certificate("elsewhere", "mail.example.com", "-validity 2");
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
        server.close();
    }

    @Test
    void theMailGoesOverTheEncryptedConnection() throws Exception {
        assertThat(send("valid", "valid")).isEqualTo(new DeliveryResult.Accepted("id@example.com"));
        assertThat(server.mails()).hasSize(1);
        assertThat(server.commands()).containsSubsequence("STARTTLS", "DATA");
        assertThat(server.commands().subList(0, server.commands().indexOf("STARTTLS")))
                .allSatisfy(command -> assertThat(command).startsWith("EHLO"));
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        assertRefused(send("expired", "expired"));
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        assertRefused(send("elsewhere", "elsewhere"));
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        assertRefused(send("valid", "elsewhere"));
        assertRefused(send("valid", null));
    }

    private void assertRefused(DeliveryResult result) {
        assertThat(result).isInstanceOf(DeliveryResult.Deferred.class);
        assertThat(server.mails()).isEmpty();
        assertThat(server.commands()).contains("STARTTLS").noneMatch(command -> command.startsWith("MAIL FROM"));
    }

    private DeliveryResult send(String served, @Nullable String trusted) throws Exception {
        server.offerStartTls(context(served));
        MailConfig config = new MailConfig(
                "localhost",
                server.port(),
                Security.STARTTLS,
                null,
                null,
                trusted == null ? null : pem(trusted),
                "alerts@example.com",
                "Deloton",
                Set.of("example.com"),
                2,
                Duration.ofSeconds(10));
        OutgoingMail mail = new OutgoingMail(List.of("zoe@example.com"), "Hello", "Hello", "<p>Hello</p>");
        return await(new Mailer(vertx, config)
                .send(mail, new Mailer.Attempt("id@example.com", 0, lease -> Future.succeededFuture(true))));
    }

    /** A certificate of a host, signed by its own authority. */
    private static void certificate(String name, String host, String validity) throws Exception {
        keytool(name, "-alias authority -dname CN=%s-authority -ext bc:c -validity 20".formatted(name));
        keytool(
                name,
                "-alias server -signer authority -dname CN=%s -ext san=dns:%s %s".formatted(host, host, validity));
    }

    private static void keytool(String name, String options) throws Exception {
        String common = " -genkeypair -keyalg EC -storetype PKCS12 -storepass changeit -keystore ";
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of((options + common + DIRECTORY.resolve(name + ".p12")).split(" ", -1)));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = keytool.inputReader()) {
            String printed = output.readAllAsString();
            assertThat(keytool.waitFor()).as(printed).isZero();
        }
    }

    private static KeyStore keys(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(DIRECTORY.resolve(name + ".p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static SSLContext context(String name) throws Exception {
        KeyStore all = keys(name);
        KeyStore server = KeyStore.getInstance("PKCS12");
        server.load(null, null);
        server.setKeyEntry("server", all.getKey("server", PASSWORD), PASSWORD, all.getCertificateChain("server"));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(server, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static Path pem(String name) throws Exception {
        byte[] der = keys(name).getCertificate("authority").getEncoded();
        return write(name, Base64.getMimeEncoder().encodeToString(der));
    }

    private static Path write(String name, String base64) throws IOException {
        return Files.writeString(
                DIRECTORY.resolve(name + ".pem"),
                "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(base64));
    }
}
