package com.deloton.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.testing.TestServers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class LocalServersIT {
    private final Path data = TestServers.freshDirectory();
    private final Queue<String> progress = new ConcurrentLinkedQueue<>();

    @Test
    void keepsRowsAndRecordsOverARestart() throws Exception {
        try (LocalServers servers = start(0)) {
            Probe.of(servers).leave("before");
            assertThat(progress)
                    .hasSize(6)
                    .contains("Starting PostgreSQL ...", "Starting Kafka ...", "Starting Mail server ...")
                    .anyMatch(line -> line.matches("PostgreSQL ready in \\d+\\.\\d s"))
                    .anyMatch(line -> line.matches("Kafka ready in \\d+\\.\\d s"))
                    .anyMatch(line -> line.matches("Mail server ready in \\d+\\.\\d s"));
        }
        try (LocalServers servers = start(0)) {
            assertThat(Probe.of(servers).rows()).containsExactly("before");
            assertThat(Probe.of(servers).records()).containsExactly("before");
        }
    }

    @Test
    void aDurableDatabaseAndItsDataAreInUseUntilTheServersAreClosed() throws Exception {
        LocalServers servers = start(0);
        try (Connection connection = servers.postgres().connect(LocalPostgres.DATABASE);
                Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery(
                        "select current_setting('fsync') || current_setting('synchronous_commit')"
                                + " || current_setting('full_page_writes')")) {
            settings.next();
            assertThat(settings.getString(1)).isEqualTo("ononon");
            assertThat(servers.options().data()).isEqualTo(data);
            assertThatThrownBy(() -> start(0))
                    .isInstanceOf(LocalServers.StartException.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid() + ";");
        } finally {
            servers.close();
        }
        servers.close();
        assertThat(PostgresProcess.find(data.resolve("postgres").resolve("data")))
                .isEmpty();
    }

    @Test
    void namesABusyPortAndTheOptionThatChangesIt() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(other.getLocalPort()))
                    .isInstanceOf(LocalServers.StartException.class)
                    .hasMessage("port %d for PostgreSQL is in use; choose another with --postgres-port PORT"
                            .formatted(other.getLocalPort()));
        }
        start(0).close();
    }

    @Test
    void namesAllBusyPortsAtOnce() throws Exception {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalServers.start(
                            new LocalServers.Options(data, 0, one.getLocalPort(), two.getLocalPort(), 0, "deloton", 1),
                            progress::add))
                    .hasMessage("""
                            port %d for Kafka is in use; choose another with --kafka-port PORT
                            port %d for SMTP is in use; choose another with --smtp-port PORT""".formatted(one.getLocalPort(), two.getLocalPort()));
            assertThat(progress).isEmpty();
        }
    }

    @Test
    void discardsTheDataOfAnIncompleteFirstStart() throws Exception {
        Path home = data.resolve("postgres");
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data").resolve("PG_VERSION"), "18");
        Files.writeString(home.resolve("unfinished"), "");

        try (LocalServers servers = start(0)) {
            Probe.of(servers).leave("after");
            assertThat(home.resolve("unfinished")).doesNotExist();
        }
    }

    private LocalServers start(int postgresPort) {
        return LocalServers.start(new LocalServers.Options(data, postgresPort, 0, 0, 0, "deloton", 1), progress::add);
    }
}
