package com.deloton.gateway.ingest.throughput;

import com.deloton.gateway.bench.BenchReport;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages a second from a full topic to committed rows, in turns with a consumer that discards the same records, one that
 * parses and tracks them, a pipeline that copies a row for each reading, and Kafka Connect's sink of
 * {@code -Dthroughput.connect.rows} parsed rows, if {@code mvn -q -f src/test/peers/pom.xml package} has brought it. All of it, broker and database (fsync on) included, shares this machine.
 * {@code -Dthroughput.bikes=200,20000} are the fleets, {@code -Dthroughput.messages} those of each topic,
 * {@code -Dthroughput.rounds} the rounds; the first warms the JVM.
 */
@Tag("bench")
class ThroughputBench {
    private static final List<Integer> BIKES = Stream.of(
                    System.getProperty("throughput.bikes", "200,1000,20000").split(",", -1))
            .map(Integer::valueOf)
            .toList();
    private static final int MESSAGES = Integer.getInteger("throughput.messages", 6_000_000);
    private static final int CONNECT_ROWS = Integer.getInteger("throughput.connect.rows", 200_000);
    private static final int ROUNDS = Integer.getInteger("throughput.rounds", 5);

    @Test
    void messagesASecondFromTopicToWarehouse() throws Exception {
        List<ThroughputRun> fleets = BIKES.stream()
                .map(bikes -> ThroughputRun.filled(bikes, MESSAGES, CONNECT_ROWS))
                .toList();
        try (BenchReport report = BenchReport.of("throughput", "bikes")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (ThroughputRun fleet : fleets) {
                    report.add(measure(fleet, round));
                }
            }
        }
    }

    private static JsonObject measure(ThroughputRun fleet, int round) throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(
                new LocalPostgres.Options(TestServers.freshDirectory(), TestServers.postgresBinaries(), 0, true))) {
            return fleet.measure(Warehouse.in(Database.of(postgres)), round);
        }
    }
}
