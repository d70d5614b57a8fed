package com.deloton.gateway.store;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseClockIT {
    private static final Duration ACCURACY = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool = IngestFixture.pool(vertx, Warehouse.fresh());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private volatile Duration shift = Duration.ZERO;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT10M", "-PT10M", "PT24H", "-PT24H"})
    void theDatabasesClockCountsWhereTheProcesssDiffers(Duration error) throws Exception {
        shift = error;
        DatabaseClock clock = start(pool);

        assertThat(error(clock)).isLessThan(ACCURACY);
        assertThat(meters.get("deloton.clock.offset.seconds").gauge().value())
                .isBetween(-error.toSeconds() - 1.0, -error.toSeconds() + 1.0);
    }

    @Test
    void aStepOfTheProcesssClockTakesNoEffect() throws Exception {
        DatabaseClock clock = start(pool);
        shift = Duration.ofDays(-1);

        assertThat(error(clock)).isLessThan(ACCURACY);
        awaitTrue(() -> error(clock).compareTo(ACCURACY) < 0 && clock.offset().toHours() >= 23);
        shift = Duration.ZERO;
        assertThat(error(clock)).isLessThan(ACCURACY);
        awaitTrue(() -> error(clock).compareTo(ACCURACY) < 0 && clock.offset().isZero());
    }

    @Test
    void aSmallDifferenceIsNotCorrected() throws Exception {
        shift = Duration.ofMillis(500);

        assertThat(start(pool).offset()).isZero();
    }

    @Test
    void theProcesssClockCountsWithoutAnAnswer() throws Exception {
        Pool unreachable = PgBuilder.pool()
                .using(vertx)
                .connectingTo(new PgConnectOptions().setHost("127.0.0.1").setPort(1))
                .build();
        shift = Duration.ofHours(1);

        assertThat(error(start(unreachable))).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    }

    private DatabaseClock start(Pool connections) throws Exception {
        DatabaseClock clock =
                new DatabaseClock(vertx, connections, () -> Instant.now().plus(shift), meters);
        await(clock.start());
        return clock;
    }

    private static Duration error(DatabaseClock clock) {
        return Duration.between(Instant.now(), clock.instant()).abs();
    }
}
