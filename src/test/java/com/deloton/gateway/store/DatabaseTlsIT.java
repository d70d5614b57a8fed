package com.deloton.gateway.store;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.TestCertificate;
import com.deloton.gateway.testing.TestServers;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The modes verify-ca and verify-full, of the pool and of the migrations, with a server that changes its certificate. */
@SuppressWarnings("NullAway.Init")
class DatabaseTlsIT {
    private static LocalPostgres server;
    private static Path directory;
    private static Path authority;

    @BeforeAll
    static void start() throws Exception {
        directory = TestServers.freshDirectory();
        server = LocalPostgres.start(new LocalPostgres.Options(directory, TestServers.postgresBinaries(), 0, false));
        authority = TestCertificate.write(directory.resolve("authority.pem"), TestCertificate.authority());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = "VALID", mode = EnumSource.Mode.EXCLUDE)
    void acceptsAValidCertificateOnly(TestCertificate other) throws Exception {
        use(TestCertificate.VALID);
        awaitTrue(() -> connects(SslMode.VERIFY_FULL));
        assertThat(migrationFailure(SslMode.VERIFY_FULL)).isNull();

        use(other);
        awaitTrue(() -> !connects(SslMode.VERIFY_FULL));
        assertThat(migrationFailure(SslMode.VERIFY_FULL)).matches(other.failure);
        if (other == TestCertificate.WRONG_NAME) {
            assertThat(connects(SslMode.VERIFY_CA)).isTrue();
            assertThat(migrationFailure(SslMode.VERIFY_CA)).isNull();
        }
    }

    /** New connections get the certificate soon afterwards. */
    private static void use(TestCertificate certificate) throws Exception {
        X509Bundle bundle = certificate.bundle();
        Path chain = TestCertificate.write(directory.resolve("server.pem"), bundle.getCertificatePathPEM());
        Path key = TestCertificate.write(directory.resolve("server.key"), bundle.getPrivateKeyPEM());
        String url = "jdbc:postgresql://localhost:%d/postgres?sslmode=disable".formatted(server.port());
        try (Connection connection = DriverManager.getConnection(url, "postgres", server.password());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + chain.toAbsolutePath() + "'");
            statement.execute("ALTER SYSTEM SET ssl_key_file = '" + key.toAbsolutePath() + "'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    private static DatabaseConfig config(SslMode mode) {
        return new DatabaseConfig(
                "localhost",
                server.port(),
                LocalPostgres.DATABASE,
                LocalPostgres.USER,
                new Secret(server.password()),
                mode,
                authority,
                1,
                false,
                null,
                null);
    }

    /** The client hides why a handshake failed. */
    private static boolean connects(SslMode mode) {
        Vertx vertx = Vertx.vertx();
        try {
            Database.pool(vertx, config(mode)).query("SELECT 1").execute().await();
            return true;
        } catch (VertxException e) {
            assertThat(e).hasMessage("SSL handshake failed");
            return false;
        } finally {
            vertx.close().await();
        }
    }

    /** Messages of all causes; null if it connects. */
    private static @Nullable String migrationFailure(SslMode mode) {
        try {
            Migrations.pending(config(mode), "migrations", 0);
            return null;
        } catch (Exception e) {
            return messages(e);
        }
    }

    private static String messages(Throwable failure) {
        return failure + (failure.getCause() == null ? "" : "; " + messages(failure.getCause()));
    }
}
