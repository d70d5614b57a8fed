package com.deloton.gateway.doctor;

import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.store.Database;
import com.deloton.gateway.store.MigrationException;
import com.deloton.gateway.store.Migrations;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The database answers, has a supported version, the schema and the roles, free connections, few dead rows, and the same
 * time.
 */
record DatabaseCheck(GatewayConfig config, InstantSource clock) implements Callable<List<Finding>> {
    private static final int MIN_VERSION = 15;
    private static final int TIMEOUT_S = 12;
    private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofSeconds(2);

    private static final String STATE = """
            SELECT current_setting('server_version') AS version,
                   current_setting('server_version_num')::integer / 10000 AS major,
                   to_regrole('deloton_gateway') IS NOT NULL AND to_regrole('deloton_analyst') IS NOT NULL AS roles,
                   current_setting('max_connections')::integer
                       - current_setting('superuser_reserved_connections')::integer AS connections,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::integer AS used,
                   extract(epoch FROM clock_timestamp())::double precision AS epoch_s
            """;

    /** The table with the most dead rows. */
    private static final String DEAD_ROWS = """
            SELECT relname::text, n_dead_tup, n_live_tup FROM pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 1""";

    private static final long MANY_DEAD_ROWS = 100_000;

    @Override
    public List<Finding> call() {
        DatabaseConfig database = config.database();
        List<Finding> findings = new ArrayList<>();
        Vertx vertx = Vertx.vertx();
        try {
            Pool pool = Database.pool(vertx, database);
            Instant before = clock.instant();
            Row state = pool.query(STATE)
                    .execute()
                    .await(TIMEOUT_S, TimeUnit.SECONDS)
                    .iterator()
                    .next();
            Instant after = clock.instant();
            findings.add(version(state.getString("version"), state.getInteger("major")));
            findings.add(connections(state.getInteger("connections"), state.getInteger("used"), needed()));
            findings.add(time(before, after, state.getDouble("epoch_s")));
            pool.query(DEAD_ROWS)
                    .execute()
                    .await(TIMEOUT_S, TimeUnit.SECONDS)
                    .forEach(row -> findings.add(bloat(row.getString(0), row.getLong(1), row.getLong(2))));
            schema(state.getBoolean("roles"), findings);
        } catch (Exception e) { // await() also throws checked exceptions, such as a ConnectException
            findings.add(Finding.fail(
                    "database",
                    "%s:%d/%s does not answer user %s: %s; check database.*"
                            .formatted(
                                    database.host(),
                                    database.port(),
                                    database.name(),
                                    database.user(),
                                    Doctor.reason(e))));
        } finally {
            vertx.close();
        }
        return findings;
    }

    static Finding version(String version, int major) {
        return major < MIN_VERSION
                ? Finding.fail("database", "PostgreSQL %s; expected %d or newer".formatted(version, MIN_VERSION))
                : Finding.ok("database", "PostgreSQL " + version);
    }

    static Finding connections(int all, int used, int needed) {
        int free = all - used;
        return free < needed
                ? Finding.warn(
                        "connections",
                        "%d of %d are free, this process may open %d; raise max_connections or lower database.pool-size"
                                .formatted(free, all, needed))
                : Finding.ok("connections", "%d of %d are free, this process may open %d".formatted(free, all, needed));
    }

    /** @param table the one with the most dead rows */
    static Finding bloat(String table, long dead, long live) {
        return dead > MANY_DEAD_ROWS && dead > live
                ? Finding.warn(
                        "bloat",
                        "%s has %d dead rows and %d live ones; end long transactions, then run VACUUM %s and check autovacuum"
                                .formatted(table, dead, live, table))
                : Finding.ok("bloat", "%s has the most dead rows, %d".formatted(table, dead));
    }

    /** @param databaseS epoch seconds, read between the two instants */
    static Finding time(Instant before, Instant after, double databaseS) {
        Instant database = Instant.ofEpochMilli((long) (databaseS * 1000));
        Duration off = database.isBefore(before)
                ? Duration.between(database, before)
                : database.isAfter(after) ? Duration.between(after, database) : Duration.ZERO;
        String difference = String.format(Locale.ROOT, "%.1f s", off.toMillis() / 1000.0);
        return off.compareTo(MAX_CLOCK_DIFFERENCE) > 0
                ? Finding.fail(
                        "clock", "differs by %s from the database's; synchronize both with NTP".formatted(difference))
                : Finding.ok("clock", "differs by %s from the database's".formatted(difference));
    }

    private void schema(boolean roles, List<Finding> findings) {
        try {
            List<String> pending = Migrations.plan(config.database());
            if (!pending.isEmpty()) {
                String versions = String.join(", ", pending);
                findings.add(
                        config.database().migrateAtStart()
                                ? Finding.warn("schema", "the next start applies the migrations " + versions)
                                : Finding.fail("schema", "lacks the migrations %s; run migrate".formatted(versions)));
            } else if (!roles) {
                findings.add(Finding.fail(
                        "schema",
                        "the role deloton_gateway or deloton_analyst is missing; restore the roles of the cluster"
                                + " (pg_dumpall --roles-only)"));
            } else {
                findings.add(Finding.ok("schema", "up to date"));
            }
        } catch (MigrationException e) {
            findings.add(Finding.fail("schema", Doctor.reason(e)));
        }
    }

    private int needed() {
        return config.database().poolSize() * (config.roles().contains(Role.API) ? 2 : 1);
    }
}
