package com.deloton.gateway.store;

import com.deloton.gateway.bench.BenchReport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bytes for each reading of ended rides: of the tables with their indexes, of each index, and of forms in which the series
 * could be stored, with the time to write and to read all of them in one session. {@code -Dstorage.messages} sets the
 * messages, of 100 bikes: tables and indexes have whole pages, which weigh less the more rides there are.
 * {@code -Dstorage.rounds} are the rounds of the forms.
 */
@Tag("bench")
class StorageBench {
    private static final int BIKES = 100;
    private static final int MESSAGES = Integer.getInteger("storage.messages", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("storage.rounds", 5);

    @Test
    void bytesForEachReading() throws Exception {
        try (StorageRun run = StorageRun.filled(BIKES, MESSAGES);
                BenchReport report = BenchReport.of("storage", "kind", "name")) {
            report.addAll(run.sizes());
            for (int round = 0; round < ROUNDS; round++) {
                report.addAll(run.forms());
            }
            report.addAll(run.columns());
        }
    }
}
