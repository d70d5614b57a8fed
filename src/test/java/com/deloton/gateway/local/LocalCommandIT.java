package com.deloton.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalCommandIT {
    private final Path data = TestServers.freshDirectory();

    @Test
    void printsAllAddressesAndNamesTheRunningProcessWhenStartedTwice() throws Exception {
        try (LocalProcess local = LocalProcess.fromClasses(data)) {
            String banner = local.awaitBanner();
            JsonObject status = local.status();

            assertThat(status.getLong("pid")).isEqualTo(local.pid());
            assertThat(banner)
                    .contains("kill " + local.pid())
                    .contains("  Dashboard   " + status.getString("dashboard") + "\n")
                    .contains("  API         " + status.getString("dashboard") + "/docs\n")
                    .contains("  Mailbox     " + status.getString("dashboard") + "/mail\n")
                    .contains("Starting PostgreSQL ...", "Starting Kafka ...", "Starting the gateway ...")
                    .containsPattern("Gateway ready in \\d+\\.\\d s")
                    .contains(status.getJsonObject("postgres").getString("url"))
                    .contains(status.getJsonObject("kafka").getString("bootstrap") + ", topic deloton")
                    .contains("localhost:" + status.getJsonObject("smtp").getInteger("port"))
                    .contains("localhost:" + status.getJsonObject("imap").getInteger("port"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(local.statusFile())))
                    .isEqualTo("rw-------");

            try (LocalProcess second = LocalProcess.fromClasses(data)) {
                assertThat(second.awaitEnd())
                        .isEqualTo("already running (process %d): %s"
                                .formatted(local.pid(), status.getString("dashboard")));
            }
            assertThat(local.stop()).isZero();
            assertThat(local.statusFile()).doesNotExist();
        }
    }

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        try (LocalProcess killed = LocalProcess.fromClasses(data)) {
            killed.awaitBanner();
            killed.probe().leave("before");
            ProcessHandle orphan = killed.postgres();
            killed.kill();

            try (LocalProcess again = LocalProcess.fromClasses(data)) {
                again.awaitBanner();
                assertThat(orphan.isAlive()).isFalse();
                assertThat(again.probe().rows()).containsExactly("before");
                assertThat(again.probe().records()).containsExactly("before");
                assertThat(again.stop()).isZero();
            }
        }
    }

    @Test
    void stopsItsDatabaseServerWhenItIsKilled() throws Exception {
        try (LocalProcess killed = LocalProcess.fromClasses(data)) {
            killed.awaitBanner();
            ProcessHandle orphan = killed.postgres();
            killed.kill();

            orphan.onExit().get(20, TimeUnit.SECONDS);
            assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
        }
    }
}
