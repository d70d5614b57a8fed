package com.deloton.gateway.report;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.FiguresQuery;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.report.render.ReportOptions;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.IngestFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long the report of a day of a million readings takes, from the question to the finished forms. */
@Tag("bench")
class ReportBench {
    private static final int MESSAGES = 2_020_000;

    @Test
    void aDayOfAMillionReadings() throws Exception {
        IngestFixture fixture = new IngestFixture();
        fixture.start();
        FleetProducer fleet = fixture.fleet(FleetOptions.defaults()
                .withBikes(200)
                .withAbnormalHeartRate(0.05)
                .withSpeed(Double.POSITIVE_INFINITY)
                .withMessages(MESSAGES)
                .withStart(Instant.parse("2026-11-23T06:00:00Z")));
        fleet.start();
        fleet.awaitEnd(Duration.ofMinutes(5));
        fleet.close();
        fixture.warehouse.awaitRecords(fixture.topic, MESSAGES, Duration.ofMinutes(5));
        fixture.warehouse.execute("ANALYZE");
        ReportDay day = new ReportDay(LocalDate.parse("2026-11-23"), ZoneId.of("Europe/London"));
        for (int round = 1; round <= 3; round++) {
            long begin = System.nanoTime();
            DailyFigures figures = FiguresQuery.read(fixture.pool(), day, Instant.parse("2026-11-24T09:30:00Z"));
            long asked = System.nanoTime();
            ReportDocuments report =
                    ReportDocuments.of(figures, new ReportOptions(20, true, "http://localhost:8080/", ""));
            int html = report.mailHtml().length();
            int text = report.text().length();
            long written = System.nanoTime();
            int pdf = report.pdf().length;
            long printed = System.nanoTime();
            System.out.printf(
                    "round %d: %,d rides, %,d readings, %d open: figures %d ms, text, HTML and charts %d ms, PDF %d ms (%d + %d + %d bytes)%n",
                    round,
                    figures.totals().counts().rides(),
                    figures.quality().received(),
                    figures.quality().open(),
                    (asked - begin) / 1_000_000,
                    (written - asked) / 1_000_000,
                    (printed - written) / 1_000_000,
                    text,
                    html,
                    pdf);
        }
        fixture.close();
    }
}
