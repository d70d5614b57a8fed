package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseIT {
    private static final DatabaseConfig CONFIG = TestConfigs.database(TestServers.freshDatabase());

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void tellsTheServerWhoIsConnected() {
        Pool pool = Database.pool(vertx, CONFIG);

        assertThat(pool.query("select current_setting('application_name')")
                        .execute()
                        .await()
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("deloton-gateway");
    }

    @Test
    void preferGoesWithoutEncryptionIfTheServerHasNone() {
        assertThat(Database.pool(vertx, with(SslMode.PREFER))
                        .query("select 1")
                        .execute()
                        .await()
                        .size())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = SslMode.class,
            names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
    void theStricterModesDoNot(SslMode mode) {
        Pool pool = Database.pool(vertx, with(mode));

        assertThatThrownBy(() -> pool.query("select 1").execute().await()).hasMessageContaining("SSL");
    }

    private static DatabaseConfig with(SslMode mode) {
        return new DatabaseConfig(
                CONFIG.host(),
                CONFIG.port(),
                CONFIG.name(),
                CONFIG.user(),
                CONFIG.password(),
                mode,
                null,
                2,
                false,
                null,
                null);
    }
}
