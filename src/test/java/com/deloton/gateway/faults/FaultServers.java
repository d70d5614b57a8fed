package com.deloton.gateway.faults;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The broker and the PostgreSQL server of a batch of runs; a run whose result is not clean gets none of them reused. */
final class FaultServers implements AutoCloseable {
    private @Nullable Broker broker;
    private @Nullable PostgresServer postgres;

    /** A broker that has the topic of no other run. */
    Broker broker() throws IOException {
        if (broker == null) {
            broker = new Broker();
        }
        return broker;
    }

    PostgresServer postgres() {
        if (postgres == null) {
            postgres = new PostgresServer();
        }
        return postgres;
    }

    /** Ends the servers; the next run starts others. */
    void discard() throws SQLException {
        if (broker != null) {
            broker.close();
            broker = null;
        }
        if (postgres != null) {
            postgres.close();
            postgres = null;
        }
    }

    @Override
    public void close() throws SQLException {
        discard();
    }
}
