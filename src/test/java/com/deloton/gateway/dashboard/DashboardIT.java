package com.deloton.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.dashboard.DashboardFixture.Bike;
import com.deloton.gateway.dashboard.DashboardFixture.Look;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
@ResourceLock(Browsers.LOCK)
class DashboardIT {
    private static final String HOSTILE = "Mal <img src=x onerror=document.title=1> <script>alert(1)</script>";
    private static final String[] VIEWS = {"fleet", "alerts", "rides", "hours", "quality", "reports", "about"};

    private static Browsers browsers;
    private static DashboardFixture fixture;
    private static int riders = 100;

    @SuppressWarnings("NullAway.Init") // each test opens one
    private Watcher watcher;

    @BeforeAll
    static void open() {
        browsers = Browsers.open();
        fixture = new DashboardFixture(2).start();
    }

    @AfterAll
    static void close() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @AfterEach
    void leave() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private Watcher watch(Look look) {
        watcher = fixture.watch(browsers.browser, look);
        return watcher;
    }

    private static Bike ride(String name) throws Exception {
        int number = ++riders;
        return fixture.bike("SN" + number).logOn(number, name);
    }

    @Test
    void showsReadingsAsTheyArrive() throws Exception {
        Bike bike = ride("Ada Now").reading(1, 131, 80, 40, 181.4);
        watch(Look.DESKTOP_LIGHT).enter().awaitCell("Ada Now", "hr", "131 bpm").awaitCell("Ada Now", "w", "181 W");

        bike.reading(2, 137, 84, 42, 203.6);
        watcher.awaitCell("Ada Now", "hr", "137 bpm")
                .awaitCell("Ada Now", "share", "79 %")
                .awaitCell("Ada Now", "w", "204 W")
                .awaitCell("Ada Now", "rpm", "84 rpm")
                .awaitCell("Ada Now", "s", "0:02");

        watcher.row("Ada Now").locator("a").click();
        watcher.awaitText("h1", "Ada Now").awaitContains(".big >> nth=0", "range 45–174");
        bike.reading(3, 141, 85, 43, 210);
        watcher.awaitText(".big-value >> nth=0", "141 bpm").awaitText(".big-value >> nth=1", "210 W");
        assertThat(watcher.page.locator(".chart canvas")).hasCount(4);
        watcher.page.locator("button:text-is(\"Table\")").click();
        watcher.awaitText(".chart-panel tbody tr:first-child td:nth-child(2)", "141");
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void aMissingHeartRateIsNeverShownAsZero() throws Exception {
        Bike bike = ride("Ida Silent").reading(1, 120, 70, 30, 100).reading(2, 0, 70, 30, 100);
        watch(Look.DESKTOP_DARK).enter().awaitCell("Ida Silent", "hr", "– –");
        watcher.awaitCell("Ida Silent", "alerts", "No HR signal");

        watcher.row("Ida Silent").locator("a").click();
        watcher.awaitText(".big-value >> nth=0", "– – bpm").awaitContains(".big >> nth=0", "No HR signal");
        for (int second = 3; second <= 13; second++) {
            bike.reading(second, 0, 70, 30, 100);
        }
        watcher.awaitContains(".hint", "Hold the handlebar sensors: no heart rate for 1");
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void anAlertIsShownAndAcknowledged() throws Exception {
        watch(Look.DESKTOP_LIGHT).enter();
        Bike bike = ride("Una High");
        for (int second = 1; second <= 4; second++) {
            bike.reading(second, 199, 90, 50, 250);
        }
        Locator card = watcher.page.locator(".alert", new Page.LocatorOptions().setHasText("Una High"));
        assertThat(card).hasCount(1);
        assertThat(card).containsText("worst 199 bpm, 25 above the limit of 174 bpm");
        watcher.awaitContains("#announcer", "Critical alert: Una High");
        watcher.awaitCell("Una High", "alerts", "Critical: above range");
        assertThat(card.locator(".mark-high")).isVisible();

        card.locator("button").click();
        assertThat(card).hasCount(0);
        watcher.go("alerts");
        assertThat(watcher.page.locator(".alert.is-done", new Page.LocatorOptions().setHasText("Una High")))
                .containsText("acknowledged");
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void namesAreShownAsText() throws Exception {
        ride(HOSTILE).reading(1, 120, 70, 30, 100);
        watch(Look.DESKTOP_LIGHT).enter();

        Locator link = watcher.row("onerror").locator("a");
        assertThat(link).hasText(HOSTILE);
        link.click();
        watcher.awaitText("h1", HOSTILE);
        assertThat(watcher.page.locator("main img, main script")).hasCount(0);
        assertThat(watcher.page.title()).contains("<img").isNotEqualTo("1");
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void hidesNamesWithoutTheScopeRidersRead() throws Exception {
        ride("Eve Hidden").reading(1, 123, 70, 30, 100);
        String bike = "Bike SN" + riders;
        watch(Look.DESKTOP_LIGHT).page.navigate("/");
        watcher.page.locator("#enter-nameless").click();

        watcher.awaitState("Live").awaitCell(bike, "hr", "123 bpm");
        assertThat(watcher.page.content()).doesNotContain("Eve Hidden");
        watcher.go("quality");
        watcher.awaitContains("main", "No permission");
    }

    @Test
    void findsAndFiltersByKeyboard() throws Exception {
        ride("Kay Wanted").reading(1, 120, 70, 30, 100);
        ride("Kit Other").reading(1, 120, 70, 30, 100);
        watch(Look.DESKTOP_DARK).enter();

        watcher.page.keyboard().press("/");
        watcher.page.keyboard().type("wanted");
        assertThat(watcher.listed("Kay Wanted")).isVisible();
        watcher.awaitContains("#found", "1 of ");
        assertThat(watcher.page.url()).endsWith("#/fleet?q=wanted");
        watcher.listed("Kay Wanted").locator("a").focus();
        watcher.page.keyboard().press("Enter");
        watcher.awaitText("h1", "Kay Wanted");
        watcher.page.goBack();
        assertThat(watcher.page.locator("input[type=search]")).hasValue("wanted");
        watcher.page.locator("input[type=search]").fill("no such rider");
        assertThat(watcher.page.locator("text=No rides match")).isVisible();
    }

    @Test
    void showsTheAgeOfStaleDataAndCatchesUp() throws Exception {
        Bike bike = ride("Gap Rider").reading(1, 120, 70, 30, 100);
        AtomicBoolean silent = new AtomicBoolean();
        List<Runnable> late = new ArrayList<>();
        watch(Look.DESKTOP_LIGHT).page.routeWebSocket("**/eventbus/**", socket -> {
            WebSocketRoute server = socket.connectToServer();
            server.onMessage(frame -> {
                late.add(() -> socket.send(frame.text()));
                if (!silent.get()) {
                    late.forEach(Runnable::run);
                    late.clear();
                }
            });
        });
        watcher.enter().awaitCell("Gap Rider", "hr", "120 bpm");

        silent.set(true);
        watcher.awaitState("Stale").awaitContains("#banner", "Data as of");
        bike.reading(2, 144, 70, 30, 100);
        silent.set(false);
        late.forEach(Runnable::run);
        late.clear();

        watcher.awaitState("Live").awaitCell("Gap Rider", "hr", "144 bpm");
        assertThat(watcher.page.locator("#banner")).isHidden();
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void reconnectsAfterARestartWithoutAReload() throws Exception {
        Bike bike = ride("Rae Turning").reading(1, 121, 70, 30, 100);
        watch(Look.DESKTOP_LIGHT).enter().awaitCell("Rae Turning", "hr", "121 bpm");
        watcher.page.evaluate("window.loadedOnce = true");

        fixture.stop();
        watcher.awaitState("Reconnecting").awaitContains("#banner", "Data as of");
        bike.reading(2, 133, 70, 30, 100);
        fixture.start();

        watcher.awaitState("Live").awaitCell("Rae Turning", "hr", "133 bpm");
        assertThat(watcher.page.evaluate("window.loadedOnce")).isEqualTo(true);
    }

    /** A phone in a light theme differs from the others in nothing that these rules look at. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PHONE_LIGHT")
    void isAccessibleInEveryView(Look look) throws Exception {
        String name = "Axe " + look;
        Bike bike = ride(name).reading(1, 120, 70, 30, 100);
        ride("Low " + look).reading(1, 0, 70, 30, 100);
        Bike high = ride("High " + look);
        for (int second = 1; second <= 4; second++) {
            high.reading(second, 180, 90, 50, 250);
        }
        watch(look).page.navigate("/");
        assertThat(watcher.page.locator("#enter")).isVisible();
        assertThat(violations(look)).as("sign-in").isEmpty();
        watcher.enter().awaitCell(name, "hr", "120 bpm");
        for (String view : VIEWS) {
            watcher.go(view);
            assertThat(watcher.page.locator("h1")).hasCount(1);
            assertThat(violations(look)).as(view).isEmpty();
            assertThat(watcher.scrollsSideways()).as(view + " scrolls sideways").isFalse();
        }
        watcher.go("fleet").row(name).locator("a").press("Enter");
        bike.reading(2, 122, 70, 30, 100);
        watcher.awaitText(".big-value >> nth=0", "122 bpm");
        assertThat(violations(look)).as("ride").isEmpty();
        assertThat(watcher.scrollsSideways()).as("ride scrolls sideways").isFalse();
        assertThat(watcher.complaints).isEmpty();
    }

    /** All rules in one look of each width and theme; on a dark desktop the rule that depends on the theme. */
    private List<String> violations(Look look) {
        return look == Look.DESKTOP_DARK ? watcher.violationsOf("color-contrast") : watcher.violations();
    }
}
