package com.deloton.gateway.dashboard;

import com.deloton.gateway.bench.Quantiles;
import com.deloton.gateway.dashboard.DashboardFixture.Bike;
import com.deloton.gateway.dashboard.DashboardFixture.Look;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.TestServers;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page that shows the whole fleet, and the readings of one bike in it. Gateway and broker run in this JVM. */
final class DashboardRun {
    private static final double TIMEOUT_MS = 120_000;
    private static final int FIRST_W = 1_100;

    private static final String OBSERVE = """
            () => {
              window.seen = {};
              const cell = document.querySelector('.rl-space .rl-w b');
              new MutationObserver(() => { window.seen[cell.textContent] ??= Date.now(); })
                  .observe(cell, { childList: true, characterData: true, subtree: true });
              window.frames_ = [];
              let last = performance.now();
              const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
              requestAnimationFrame(tick);
            }""";

    private DashboardRun() {}

    /**
     * From a reading's acknowledgement by the broker to its text in the page, and how smoothly the page runs.
     *
     * @param bikes a multiple of ten
     * @param readings that are measured
     */
    static JsonObject of(Browsers browsers, int bikes, int readings) throws Exception {
        try (DashboardFixture fixture = new DashboardFixture(4).with("DELOTON_INGEST_MAX_BUFFERED_RECORDS", "200000");
                FleetProducer fleet = new FleetProducer(
                        Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                        fixture.topic,
                        FleetOptions.defaults().withBikes(bikes).withAbnormalHeartRate(0.01),
                        InstantSource.system())) {
            fixture.start();
            fleet.start();
            Bike probe = fixture.bike("PROBE").logOn(9_000_000, "Probe Rider").reading(1, 120, 80, 40, 1_000);
            try (Watcher watcher = fixture.watch(browsers.browser, Look.DESKTOP_DARK)) {
                watcher.enter();
                PlaywrightAssertions.assertThat(watcher.page.locator("#tile-riding"))
                        .hasText(
                                Pattern.compile("%,d".formatted(bikes).replaceFirst("0$", "\\\\d")),
                                new LocatorAssertions.HasTextOptions().setTimeout(TIMEOUT_MS));
                watcher.page.locator("input[type=search]").fill("Probe Rider");
                watcher.awaitCell("Probe Rider", "w", "1,000 W");
                watcher.page.evaluate(OBSERVE);
                double jvmBefore = jvmCpu();
                long begin = System.nanoTime();
                long[] sentAt = new long[readings];
                for (int i = 0; i < readings; i++) {
                    watcher.page.waitForTimeout(700 + (i * 37) % 300);
                    probe.reading(i + 2, 120, 80, 40, FIRST_W + i);
                    sentAt[i] = System.currentTimeMillis();
                }
                watcher.awaitCell("Probe Rider", "w", "%,d W".formatted(FIRST_W + readings - 1));
                double cpuShare = (jvmCpu() - jvmBefore) * 1e9 / (System.nanoTime() - begin);
                return row(bikes, watcher.page, sentAt).put("gatewayBikesAndBrokerCpuShareOfACore", cpuShare);
            }
        }
    }

    private static double jvmCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private static JsonObject row(int bikes, Page page, long[] sentAt) {
        @SuppressWarnings("unchecked")
        Map<String, Number> seen = (Map<String, Number>) page.evaluate("window.seen");
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < sentAt.length; i++) {
            Number at = seen.get("%,d".formatted(FIRST_W + i));
            if (at != null) {
                latencies.add(at.doubleValue() - sentAt[i]);
            }
        }
        @SuppressWarnings("unchecked")
        List<Number> frames = (List<Number>) page.evaluate("window.frames_");
        JsonObject row = new JsonObject()
                .put("bikes", bikes)
                .put("readings", sentAt.length)
                .put("readingsSeenSingly", latencies.size());
        Quantiles.of(latencies).putInto(row, "latency", "Ms");
        row.put(
                "framesPerSecond",
                1_000
                        * frames.size()
                        / frames.stream().mapToDouble(Number::doubleValue).sum());
        Quantiles.of(frames).putInto(row, "frame", "Ms");
        return row;
    }
}
