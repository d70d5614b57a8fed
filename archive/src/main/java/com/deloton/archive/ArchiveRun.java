package com.deloton.archive;

import com.deloton.archive.DayLedger.Due;
import com.deloton.gateway.config.DatabaseConfig;
import com.deloton.gateway.config.archive.ArchiveConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Exports days and then removes from the archive what was replaced. */
final class ArchiveRun {
    private final Postgres postgres;
    private final ArchiveConfig config;
    private final Duration orphanAge;
    private final Consumer<String> console;

    ArchiveRun(DatabaseConfig database, ArchiveConfig config, Duration orphanAge, Consumer<String> console) {
        postgres = new Postgres(database);
        this.config = config;
        this.orphanAge = orphanAge;
        this.console = console;
    }

    /** The days that {@link #closed} would export. */
    List<Due> plan() throws SQLException {
        try (Connection connection = postgres.connect()) {
            return DayLedger.due(connection, config.closedAfter());
        }
    }

    /** Exports one day, whether it is in the archive or not; 1 as the number of days. */
    int day(LocalDate day) throws SQLException, IOException {
        return export(List.of(day), false);
    }

    /**
     * Exports all closed days that are not in the archive, or have changed since.
     *
     * @throws ArchiveException with a line for each day that was refused, after all others have been exported
     */
    int closed() throws SQLException, IOException {
        return export(List.of(), true);
    }

    private int export(List<LocalDate> wanted, boolean due) throws SQLException, IOException {
        try (DayLedger ledger = new DayLedger(postgres);
                IcebergCatalog catalog = new IcebergCatalog(postgres, config)) {
            List<LocalDate> days = due
                    ? ledger.due(config.closedAfter()).stream().map(Due::day).toList()
                    : wanted;
            DayExport export = new DayExport(postgres, ledger, catalog);
            List<String> failures = new ArrayList<>();
            for (LocalDate day : days) {
                if (!due) {
                    ledger.requireClosed(day);
                }
                try {
                    DayExport.Result result = export.run(day);
                    console.accept("%s: %d rides, %d readings in %d bytes"
                            .formatted(
                                    day,
                                    result.rides().rows(),
                                    result.readings().readings(),
                                    result.bytes()));
                } catch (ArchiveException e) {
                    failures.add(e.getMessage());
                }
            }
            for (ArchivedTable table : ArchivedTable.values()) {
                int orphans = Cleanup.run(catalog.table(table), orphanAge);
                if (orphans > 0) {
                    console.accept("%s: deleted %d files of runs that did not end"
                            .formatted(table.identifier().name(), orphans));
                }
            }
            if (!failures.isEmpty()) {
                throw new ArchiveException(String.join(System.lineSeparator(), failures));
            }
            return days.size();
        }
    }
}
