package com.deloton.gateway.dashboard;

import com.deloton.gateway.dashboard.DashboardFixture.Bike;
import com.deloton.gateway.dashboard.DashboardFixture.Look;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.testing.TestServers;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a reading's acknowledgement by the broker to its text in a page that shows the whole fleet, and how smoothly that
 * page runs. Broker, database, gateway, bikes and browser share this machine.
 */
@Tag("bench")
class DashboardBench {
    private static final int PROBES = 60;
    private static final double TIMEOUT_MS = 120_000;

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

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void fromKafkaToThePage(int bikes) throws Exception {
        Browsers browsers = Browsers.open();
        try (DashboardFixture fixture = new DashboardFixture(4).with("DELOTON_INGEST_MAX_BUFFERED_RECORDS", "200000")) {
            fixture.start();
            FleetProducer fleet = new FleetProducer(
                    Map.of("bootstrap.servers", TestServers.kafkaBootstrap()),
                    fixture.topic,
                    FleetOptions.defaults().withBikes(bikes).withAbnormalHeartRate(0.01),
                    InstantSource.system());
            fleet.start();
            Bike probe = fixture.bike("PROBE").logOn(9_000_000, "Probe Rider").reading(1, 120, 80, 40, 1_000);
            try (Watcher watcher = fixture.watch(browsers.browser, Look.DESKTOP_DARK)) {
                watcher.enter();
                PlaywrightAssertions.assertThat(watcher.page.locator("#tile-riding"))
                        .hasText(
                                Pattern.compile(bikes == 1_000 ? "1,00\\d" : "10,00\\d"),
                                new LocatorAssertions.HasTextOptions().setTimeout(TIMEOUT_MS));
                watcher.page.locator("input[type=search]").fill("Probe Rider");
                watcher.awaitCell("Probe Rider", "w", "1,000 W");
                watcher.page.evaluate(OBSERVE);
                long[] sentAt = new long[PROBES];
                for (int i = 0; i < PROBES; i++) {
                    watcher.page.waitForTimeout(700 + (i * 37) % 300);
                    probe.reading(i + 2, 120, 80, 40, 1_100 + i);
                    sentAt[i] = System.currentTimeMillis();
                }
                watcher.awaitCell("Probe Rider", "w", "%,d W".formatted(1_100 + PROBES - 1));
                report(bikes, watcher.page, sentAt);
            } finally {
                fleet.close();
            }
        }
    }

    private static void report(int bikes, Page page, long[] sentAt) {
        @SuppressWarnings("unchecked")
        Map<String, Number> seen = (Map<String, Number>) page.evaluate("window.seen");
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < sentAt.length; i++) {
            Number at = seen.get("%,d".formatted(1_100 + i));
            if (at != null) {
                latencies.add(at.doubleValue() - sentAt[i]);
            }
        }
        @SuppressWarnings("unchecked")
        List<Number> frames = (List<Number>) page.evaluate("window.frames_");
        double[] frameMs =
                frames.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        double[] latencyMs =
                latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        System.out.printf(
                "%,d bikes: reading to page p50 %.0f ms, p99 %.0f ms (%d of %d seen singly); page %.0f frames/s, frame time p50 %.1f ms, p99 %.1f ms, max %.0f ms%n",
                bikes,
                share(latencyMs, 0.5),
                share(latencyMs, 0.99),
                latencyMs.length,
                sentAt.length,
                1_000 * frameMs.length / Arrays.stream(frameMs).sum(),
                share(frameMs, 0.5),
                share(frameMs, 0.99),
                frameMs[frameMs.length - 1]);
    }

    private static double share(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
