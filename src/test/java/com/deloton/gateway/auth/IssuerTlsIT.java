package com.deloton.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.testing.TestCertificate;
import com.deloton.gateway.testing.TestServers;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The keys of an identity provider come over verified HTTPS only. */
@Isolated
class IssuerTlsIT {
    private static final String PASSWORD = "changeit";
    private static final Map<String, @Nullable String> before = new TreeMap<>();
    private static final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void trustTheAuthority() {
        set(
                "javax.net.ssl.trustStore",
                TestCertificate.trustStore(TestServers.freshDirectory(), PASSWORD)
                        .toString());
        set("javax.net.ssl.trustStorePassword", PASSWORD);
        set("javax.net.ssl.trustStoreType", "PKCS12");
    }

    private static void set(String property, String value) {
        before.put(property, System.setProperty(property, value));
    }

    @AfterAll
    static void restore() {
        before.forEach((property, value) -> {
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
        vertx.close().await();
    }

    @Test
    void acceptsAValidCertificate() throws Exception {
        assertThat(fetch(TestCertificate.VALID)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(names = "VALID", mode = EnumSource.Mode.EXCLUDE)
    void rejectsEveryOther(TestCertificate certificate) {
        assertThatThrownBy(() -> fetch(certificate))
                .hasRootCauseInstanceOf(java.security.GeneralSecurityException.class)
                .rootCause()
                .message()
                .matches(certificate.failure);
    }

    private static VerificationKeys fetch(TestCertificate certificate) throws Exception {
        X509Bundle bundle = certificate.bundle();
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(bundle.getCertificatePathPEM()))
                                .addKeyValue(Buffer.buffer(bundle.getPrivateKeyPEM()))))
                .requestHandler(request -> request.response().end(keys().toBuffer()))
                .listen()
                .await();
        try {
            String url = "https://localhost:" + server.actualPort() + "/keys";
            return new JwksClient(
                            vertx,
                            new JwtConfig("https://id.example.com", "bikes", url, List.of(), Duration.ofSeconds(1)))
                    .fetch()
                    .await();
        } finally {
            server.close().await();
        }
    }

    private static JsonObject keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
            return new JsonObject()
                    .put(
                            "keys",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("kty", "RSA")
                                            .put("kid", "1")
                                            .put("use", "sig")
                                            .put("alg", "RS256")
                                            .put("n", base64(key.getModulus()))
                                            .put("e", base64(key.getPublicExponent()))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
    }
}
