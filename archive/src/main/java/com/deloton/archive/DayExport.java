package com.deloton.archive;

import com.deloton.archive.DayLedger.Begun;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ReplacePartitions;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Makes the archive of one day equal to the database. The day's files are written from one snapshot of the database, read back,
 * compared by counts and checksums, and only then replace those that the tables have of the day. Readings that were deleted
 * from the database are taken over from the archive, except those of rides that were deleted or whose rider was erased.
 */
final class DayExport {
    private static final int FETCH_ROWS = 200;

    /** Rides of the day whose readings are kept although the database no longer has them. */
    private static final String KEPT = """
            SELECT r.ride_id FROM ride r
            WHERE r.day = ? AND r.started_at >= (?::timestamp AT TIME ZONE 'UTC')
                AND r.started_at < (?::timestamp AT TIME ZONE 'UTC') + interval '1 day' AND NOT r.rider_erased
                AND NOT EXISTS (SELECT FROM ride_series s WHERE s.ride_id = r.ride_id AND s.day = r.day)""";

    private final Postgres postgres;
    private final DayLedger ledger;
    private final IcebergCatalog catalog;

    DayExport(Postgres postgres, DayLedger ledger, IcebergCatalog catalog) {
        this.postgres = postgres;
        this.ledger = ledger;
        this.catalog = catalog;
    }

    /** What the archive has of the day now. */
    record Result(Totals rides, Totals readings, long bytes) {}

    /** @throws ArchiveException if the copy differs from the database; the archive keeps what it has */
    Result run(LocalDate day) throws SQLException, IOException {
        Begun begun = ledger.begin(day);
        Copy rides = new Copy(ArchivedTable.RIDE, day);
        Copy readings = new Copy(ArchivedTable.READINGS, day);
        try {
            try (Connection snapshot = snapshot()) {
                rides.copy(snapshot);
                readings.copy(snapshot);
                if (begun.dropped()) {
                    readings.keep(kept(snapshot, day), begun.checksums());
                }
            }
            rides.verify();
            readings.verify();
            ledger.staged(day, readings.expected);
        } catch (SQLException | IOException | RuntimeException e) {
            rides.files.discard();
            readings.files.discard();
            throw e;
        }
        readings.commit();
        rides.commit();
        long bytes = rides.files.bytes() + readings.files.bytes();
        ledger.end(day, rides.expected, readings.expected, bytes);
        return new Result(rides.expected, readings.expected, bytes);
    }

    private Connection snapshot() throws SQLException {
        Connection snapshot = postgres.connect();
        try {
            snapshot.setAutoCommit(false);
            snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            snapshot.setReadOnly(true);
            return snapshot;
        } catch (SQLException e) {
            snapshot.close();
            throw e;
        }
    }

    private static Set<Long> kept(Connection snapshot, LocalDate day) throws SQLException {
        Set<Long> kept = new HashSet<>();
        try (PreparedStatement query = snapshot.prepareStatement(KEPT)) {
            for (int i = 1; i <= 3; i++) {
                query.setObject(i, day);
            }
            query.setFetchSize(FETCH_ROWS);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    kept.add(rows.getLong(1));
                }
            }
        }
        return kept;
    }

    /** The copy of one table's day. */
    private final class Copy {
        private final ArchivedTable archived;
        private final LocalDate day;
        private final Table table;
        private final DayFiles files;
        private Totals expected = Totals.NONE;

        Copy(ArchivedTable archived, LocalDate day) {
            this.archived = archived;
            this.day = day;
            table = catalog.table(archived);
            files = new DayFiles(table, day);
        }

        void copy(Connection snapshot) throws SQLException, IOException {
            try (PreparedStatement query = snapshot.prepareStatement(archived.totals())) {
                query.setObject(1, day);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    expected = new Totals(
                            row.getLong(1), row.getLong(2), row.getBigDecimal(3).toBigIntegerExact());
                }
            }
            try (PreparedStatement query = snapshot.prepareStatement(archived.select())) {
                query.setFetchSize(FETCH_ROWS);
                query.setObject(1, day);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        files.write(record(rows));
                    }
                }
            }
        }

        private Record record(ResultSet row) throws SQLException {
            GenericRecord copy = GenericRecord.create(table.schema());
            List<Column> columns = archived.columns();
            for (int i = 0; i < columns.size(); i++) {
                copy.set(i, columns.get(i).kind().read(row, i + 1));
            }
            return copy;
        }

        /** Takes over rows of these rides from the archive, whose rows must have one of the checksums. */
        void keep(Set<Long> rides, Set<java.math.BigInteger> checksums) throws IOException {
            Totals.Sum all = new Totals.Sum(archived);
            Totals.Sum kept = new Totals.Sum(archived);
            try (CloseableIterable<Record> rows =
                    IcebergGenerics.read(table).where(ofDay()).build()) {
                for (Record row : rows) {
                    all.add(row);
                    if (rides.contains((Long) row.getField("ride_id"))) {
                        kept.add(row);
                        files.write(row);
                    }
                }
            }
            if (!checksums.contains(all.totals().checksum())) {
                throw new ArchiveException(
                        "%s was not exported: the archive's readings of the day are damaged: found %s, expected checksum %s."
                                .formatted(day, all.totals(), checksums));
            }
            expected = expected.plus(kept.totals());
        }

        void verify() throws IOException {
            files.finish();
            Totals found = files.readBack(archived);
            if (!found.equals(expected)) {
                throw new ArchiveException("%s was not exported: the copy of %s has %s, expected %s."
                        .formatted(day, archived.identifier().name(), found, expected));
            }
        }

        void commit() throws IOException {
            List<DataFile> written = files.finish();
            if (!written.isEmpty()) {
                ReplacePartitions replace = table.newReplacePartitions();
                written.forEach(replace::addFile);
                replace.commit();
            } else if (!filesOfDay().isEmpty()) {
                table.newDelete().deleteFromRowFilter(ofDay()).commit();
            }
            table.refresh();
            Set<String> found = filesOfDay();
            if (!found.equals(
                    new HashSet<>(written.stream().map(DataFile::location).toList()))) {
                throw new ArchiveException("%s is not archived: another process has written to %s."
                        .formatted(day, archived.identifier().name()));
            }
        }

        private Set<String> filesOfDay() throws IOException {
            Set<String> found = new HashSet<>();
            try (CloseableIterable<FileScanTask> tasks =
                    table.newScan().filter(ofDay()).planFiles()) {
                tasks.forEach(task -> found.add(task.file().location()));
            }
            return found;
        }

        private Expression ofDay() {
            return Expressions.equal("day", day.toString());
        }
    }
}
