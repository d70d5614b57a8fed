package com.deloton.gateway.report;

import com.deloton.gateway.bench.PostgresCpu;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.FiguresQuery;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.report.render.ReportOptions;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** A day of a fleet in a warehouse, and its report in all forms. */
final class ReportRun implements AutoCloseable {
    private static final ReportDay DAY = new ReportDay(LocalDate.parse("2026-11-23"), ZoneId.of("Europe/London"));

    private final IngestFixture fixture;
    private final PostgresCpu postgres;

    private ReportRun(IngestFixture fixture) {
        this.fixture = fixture;
        postgres = PostgresCpu.of(fixture.warehouse.database());
    }

    /** Ingests messages of the day, by bikes that take turns. */
    static ReportRun filled(int bikes, int messages) throws Exception {
        IngestFixture fixture = new IngestFixture();
        fixture.start();
        try (FleetProducer fleet = fixture.fleet(FleetOptions.defaults()
                .withBikes(bikes)
                .withAbnormalHeartRate(0.05)
                .withSpeed(Double.POSITIVE_INFINITY)
                .withMessages(messages)
                .withStart(Instant.parse("2026-11-23T06:00:00Z")))) {
            fleet.start();
            fleet.awaitEnd(Duration.ofMinutes(5));
        }
        fixture.warehouse.awaitRecords(fixture.topic, messages, Duration.ofMinutes(5));
        fixture.warehouse.execute("ANALYZE");
        return new ReportRun(fixture);
    }

    Warehouse warehouse() {
        return fixture.warehouse;
    }

    JsonObject measure() {
        double postgresBefore = postgres.seconds();
        double jvmBefore = jvmCpu();
        long begin = System.nanoTime();
        DailyFigures figures = FiguresQuery.read(fixture.pool(), DAY, Instant.parse("2026-11-24T09:30:00Z"));
        long queried = System.nanoTime();
        ReportDocuments documents =
                ReportDocuments.of(figures, new ReportOptions(20, true, "http://localhost:8080/", ""));
        int html = documents.mailHtml().length();
        int text = documents.text().length();
        long written = System.nanoTime();
        int pdf = documents.pdf().length;
        long printed = System.nanoTime();
        return new JsonObject()
                .put("rides", figures.totals().counts().rides())
                .put("readings", figures.quality().received())
                .put("openRides", figures.quality().open())
                .put("figuresMs", (queried - begin) / 1e6)
                .put("textHtmlAndChartsMs", (written - queried) / 1e6)
                .put("pdfMs", (printed - written) / 1e6)
                .put("jvmCpuS", jvmCpu() - jvmBefore)
                .put("postgresCpuS", postgres.seconds() - postgresBefore)
                .put("textCharacters", text)
                .put("htmlCharacters", html)
                .put("pdfBytes", pdf);
    }

    private static double jvmCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    @Override
    public void close() {
        try {
            fixture.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
