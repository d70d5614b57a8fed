package com.deloton.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.FiguresQuery;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.Dirt;
import com.deloton.gateway.testing.IngestRig;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DailyFiguresTest {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    private static final Instant NOW = Instant.parse("2026-11-24T09:30:00Z");
    private static final long SEED = 5;
    private static final FleetOptions FLEET = FleetOptions.defaults()
            .withSeed(SEED)
            .withBikes(8)
            .withSpeed(Double.POSITIVE_INFINITY)
            .withRideSeconds(45, 150)
            .withPauseSeconds(0, 6_000)
            .withTroubled(0.2)
            .withDirt(Dirt.JOIN_MID_RIDE, 0.3)
            .withDirt(Dirt.HEART_RATE_RANGE, 0.01)
            .withDirt(Dirt.POWER_RANGE, 0.01);

    private final IngestRig rig = new IngestRig();

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void aDaysFiguresAreWhatTheBikesSaid() throws Exception {
        rig.start();
        rig.ride(FLEET.withStart(Instant.parse("2026-11-22T20:00:00Z")).withMessages(80_000));
        ReportDay day = new ReportDay(LocalDate.parse("2026-11-23"), LONDON);

        DailyFigures figures = FiguresQuery.read(rig.pool(), day, NOW);

        assertThat(figures.totals().counts().rides()).isGreaterThan(100);
        assertThat(figures.dayBefore().counts().rides()).isPositive();
        assertThat(figures.alerts().raised()).isPositive();
        assertThat(figures.quality().open()).isZero();
        equalLedger(figures);
        DailyFigures today = FiguresQuery.read(rig.pool(), day.minusDays(-1), NOW);
        assertThat(today.quality().open()).as("rides that go on").isPositive();
        equalLedger(today);
    }

    private void equalLedger(DailyFigures figures) {
        new LedgerDay(rig.ledger, figures.day(), SEED, LocalDate.parse("2026-11-22")).equals(figures);
    }
}
