package com.deloton.archive;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code archived_day}, and the lock by which one process at a time writes to the archive. The lock lasts as long as
 * the connection.
 */
final class DayLedger implements AutoCloseable {
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(60);
    /** Waits a moment, since PostgreSQL releases the lock of a run that has ended a little later. */
    private static final String LOCK_TIMEOUT = "SET lock_timeout = '2s'";

    private static final String LOCK = "SELECT pg_advisory_lock(hashtext('deloton.archive'), 0)";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String DUE =
            "SELECT day, changed FROM archive_due(?::bigint * interval '1 second') ORDER BY day";

    private static final String OPEN = """
            SELECT (now() AT TIME ZONE 'UTC')::date <= ?::date,
                (SELECT count(*) FROM ride WHERE status = 'open' AND day = ?::date),
                (now() AT TIME ZONE 'UTC')::date - 1""";

    private static final String BEGIN = """
            INSERT INTO archived_day AS d (day) VALUES (?)
            ON CONFLICT (day) DO UPDATE SET archived_at = NULL, changed_at = NULL,
                due_since = coalesce(d.due_since, d.changed_at, CASE WHEN d.archived_at IS NOT NULL THEN now() END)
            RETURNING dropped_at IS NOT NULL, series_checksum, staged_checksum, pg_current_xact_id()::text""";

    private static final String OLDER_WRITERS = "SELECT pg_snapshot_xmin(pg_current_snapshot()) <= ?::xid8";

    private static final String END = """
            UPDATE archived_day
            SET archived_at = now(), rides = ?, rides_checksum = ?, series = ?, series_checksum = ?, readings = ?, bytes = ?,
                staged_checksum = NULL, due_since = NULL
            WHERE day = ?""";

    private final Connection connection;

    /**
     * What is in the archive of a day.
     *
     * @param dropped whether readings of the day were deleted from PostgreSQL
     * @param checksums of the readings in the archive; with two, an export ended between its commit and {@link #end}
     */
    record Begun(boolean dropped, Set<BigInteger> checksums) {}

    /** A closed day to export: for the first time, or because a ride of it has changed since. */
    record Due(LocalDate day, boolean changed) {}

    /** @throws ArchiveException if another process is writing to the archive */
    DayLedger(Postgres postgres) throws SQLException {
        connection = postgres.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK_TIMEOUT);
            statement.execute(LOCK);
            statement.execute("RESET lock_timeout");
        } catch (SQLException e) {
            connection.close();
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw new ArchiveException("Another archive run is at work; this one has changed nothing.");
            }
            throw e;
        }
    }

    /** Days that ended at least {@code closedAfter} ago, have no open ride, and are not in the archive as they are. */
    static List<Due> due(Connection connection, Duration closedAfter) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(DUE)) {
            query.setLong(1, closedAfter.toSeconds());
            List<Due> days = new ArrayList<>();
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    days.add(new Due(found.getObject(1, LocalDate.class), found.getBoolean(2)));
                }
            }
            return days;
        }
    }

    List<Due> due(Duration closedAfter) throws SQLException {
        return due(connection, closedAfter);
    }

    /** @throws ArchiveException if the day has not ended or has open rides */
    void requireClosed(LocalDate day) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OPEN)) {
            query.setObject(1, day);
            query.setObject(2, day);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new ArchiveException("%s has not ended; expected a UTC day before today, for example %s"
                            .formatted(day, row.getObject(3, LocalDate.class)));
                }
                if (row.getLong(2) > 0) {
                    throw new ArchiveException(
                            "%s was not exported: %d of its rides are open; they end at the latest after ingest.abandon-after."
                                    .formatted(day, row.getLong(2)));
                }
            }
        }
    }

    /**
     * From here on, changes of the day's rides are recorded. Waits until transactions that may have changed one unnoticed have
     * ended, so that a snapshot taken afterwards contains their changes.
     */
    Begun begin(LocalDate day) throws SQLException {
        Begun begun;
        String transaction;
        try (PreparedStatement insert = connection.prepareStatement(BEGIN)) {
            insert.setObject(1, day);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                begun = new Begun(row.getBoolean(1), checksums(row.getString(2), row.getString(3)));
                transaction = row.getString(4);
            }
        }
        long deadline = System.nanoTime() + LONGEST_TRANSACTION.toNanos();
        while (hasOlderWriters(transaction)) {
            if (System.nanoTime() > deadline) {
                throw new ArchiveException(
                        "%s was not exported: a transaction of the database server has been open for more than %d s; pg_stat_activity shows it."
                                .formatted(day, LONGEST_TRANSACTION.toSeconds()));
            }
            LockSupport.parkNanos(20_000_000);
        }
        return begun;
    }

    /** Records the checksum of readings that are about to be committed. */
    void staged(LocalDate day, Totals readings) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE archived_day SET staged_checksum = ? WHERE day = ?")) {
            update.setString(1, readings.checksum().toString());
            update.setObject(2, day);
            update.executeUpdate();
        }
    }

    void end(LocalDate day, Totals rides, Totals readings, long bytes) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(END)) {
            update.setLong(1, rides.rows());
            update.setString(2, rides.checksum().toString());
            update.setLong(3, readings.rows());
            update.setString(4, readings.checksum().toString());
            update.setLong(5, readings.readings());
            update.setLong(6, bytes);
            update.setObject(7, day);
            update.executeUpdate();
        }
    }

    private boolean hasOlderWriters(String transaction) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OLDER_WRITERS)) {
            query.setString(1, transaction);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static Set<BigInteger> checksums(@Nullable String archived, @Nullable String staged) {
        BigInteger first = archived == null ? BigInteger.ZERO : new BigInteger(archived);
        return staged == null || staged.equals(archived) ? Set.of(first) : Set.of(first, new BigInteger(staged));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
