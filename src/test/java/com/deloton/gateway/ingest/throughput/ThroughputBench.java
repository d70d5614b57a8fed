package com.deloton.gateway.ingest;

import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.testing.TestServers;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Messages a second from a full topic to committed rows, in turns with a consumer that throws the same records away and one
 * that parses and tracks them. All of it, broker and database (fsync on) included, shares this machine.
 * {@code -Dthroughput.bikes=200,20000} are the fleets, {@code -Dthroughput.messages} those of each topic,
 * {@code -Dthroughput.rounds} the rounds; the first warms the JVM. The JSON is in {@code target/throughput-bench.json}.
 */
@Tag("bench")
class ThroughputBench {
    private static final List<Integer> BIKES = Stream.of(
                    System.getProperty("throughput.bikes", "200,1000,20000").split(",", -1))
            .map(Integer::valueOf)
            .toList();
    private static final int MESSAGES = Integer.getInteger("throughput.messages", 2_000_000);
    private static final int ROUNDS = Integer.getInteger("throughput.rounds", 3);

    @Test
    void messagesASecondFromTopicToWarehouse() throws Exception {
        List<ThroughputRun> fleets = BIKES.stream()
                .map(bikes -> ThroughputRun.filled(bikes, MESSAGES))
                .toList();
        JsonArray results = new JsonArray();
        System.out.println(ThroughputRun.HEADER);
        for (int round = 0; round < ROUNDS; round++) {
            for (ThroughputRun fleet : fleets) {
                ThroughputRun.Result result = measure(fleet);
                System.out.println(result);
                results.add(result.json());
            }
        }
        Files.writeString(Path.of("target", "throughput-bench.json"), results.encodePrettily());
    }

    private static ThroughputRun.Result measure(ThroughputRun fleet) throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(
                new LocalPostgres.Options(TestServers.freshDirectory(), TestServers.postgresBinaries(), 0, true))) {
            return fleet.measure(Warehouse.in(new Database(
                    postgres.host(), postgres.port(), LocalPostgres.DATABASE, postgres.user(), postgres.password())));
        }
    }
}
