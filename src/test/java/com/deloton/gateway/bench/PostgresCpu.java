package com.deloton.gateway.bench;

import com.deloton.gateway.testing.TestServers.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/** CPU time of a PostgreSQL server on this machine, with all its sessions. */
public final class PostgresCpu {
    private static final double TICKS_PER_SECOND = 100;

    private final ProcessHandle server;

    private PostgresCpu(ProcessHandle server) {
        this.server = server;
    }

    /** Of the server that has this database. */
    public static PostgresCpu of(Database database) {
        try (Connection connection = database.connect()) {
            long session = connection.unwrap(PGConnection.class).getBackendPID();
            // Sessions are children of the server.
            return new PostgresCpu(ProcessHandle.of(session)
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow(() -> new IllegalStateException("the server does not run on this machine")));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Since the start of the server. */
    public double seconds() {
        double sessions = server.children()
                .map(child -> child.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .mapToDouble(PostgresCpu::seconds)
                .sum();
        return ended() + sessions;
    }

    /** The server itself and those of its sessions that have ended; see proc(5). */
    private double ended() {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(server.pid()), "stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return fields.subList(11, 15).stream().mapToLong(Long::parseLong).sum() / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
