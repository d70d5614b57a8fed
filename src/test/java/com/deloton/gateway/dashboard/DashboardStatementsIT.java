package com.deloton.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.dashboard.DashboardFixture.Bike;
import com.deloton.gateway.dashboard.DashboardFixture.Look;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the page says about alerts, ended rides and its own state agrees with the data. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
@ResourceLock(Browsers.LOCK)
class DashboardStatementsIT {
    private static Browsers browsers;
    private static DashboardFixture fixture;

    @SuppressWarnings("NullAway.Init")
    private Watcher watcher;

    private final List<Bike> riding = new ArrayList<>();

    @BeforeAll
    static void start() {
        browsers = Browsers.open();
        fixture = new DashboardFixture(1).start();
    }

    @AfterAll
    static void stop() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @BeforeEach
    void watch() {
        watcher = fixture.watch(browsers.browser, Look.DESKTOP_LIGHT);
    }

    /** Leaves no ride and no alert to the next test. */
    @AfterEach
    void leave() throws Exception {
        watcher.close();
        for (Bike bike : riding) {
            bike.end();
        }
        fixture.awaitNoOpenRide();
        fixture.execute("TRUNCATE alert, silence, ride CASCADE");
    }

    private Bike ride(int number, String name) throws Exception {
        Bike bike = fixture.bike("SN" + number).logOn(number, name);
        riding.add(bike);
        return bike;
    }

    /** Raises a high alert: four readings far above the limit of 174 bpm. */
    private static void raise(Bike bike, int fromS) throws Exception {
        for (int second = fromS; second < fromS + 4; second++) {
            bike.reading(second, 199, 90, 50, 250);
        }
    }

    private Locator card(String name) {
        return watcher.page.locator(".alert", new Page.LocatorOptions().setHasText(name));
    }

    @Test
    void anAcknowledgedRiderStillCountsAsOutOfRange() throws Exception {
        watcher.enter();
        raise(ride(1, "Una High"), 1);
        assertThat(card("Una High")).containsText("bike SN1");
        assertThat(card("Una High")).containsText("now 199 bpm");
        assertThat(card("Una High")).containsText("Critical · Out of range for");
        card("Una High").locator("button").click();

        watcher.awaitContains(".alert-panel", "Nothing to acknowledge")
                .awaitContains(".alert-panel", "1 rider out of range now");
    }

    @Test
    void theCardOfAWarningThatBecomesCriticalHasTheMarkOfCritical() throws Exception {
        watcher.enter();
        Bike bike = ride(1, "Wanda Worse");
        for (int second = 1; second <= 4; second++) {
            bike.reading(second, 180, 90, 50, 250);
        }
        assertThat(card("Wanda Worse").locator(".mark-medium")).isVisible();

        bike.reading(5, 199, 90, 50, 250);

        assertThat(card("Wanda Worse").locator(".mark-high")).isVisible();
        assertThat(card("Wanda Worse").locator(".mark-medium")).hasCount(0);
        assertThat(card("Wanda Worse")).containsText("Critical · Out of range for");
    }

    @Test
    void nothingIsSaidBeforeTheFirstFrame() {
        watcher.page.routeWebSocket("**/eventbus/**", socket -> {});
        watcher.page.navigate("/");
        watcher.page.locator("#enter").click();

        watcher.awaitState("Connecting");
        assertThat(watcher.page.getByText("Waiting for live data")).isVisible();
        assertThat(watcher.page.getByText("Nothing to acknowledge")).isHidden();
        assertThat(watcher.page.getByText("No rides match")).isHidden();
    }

    @Test
    void alertsAreAcknowledgedTogetherAndARiderIsSilenced() throws Exception {
        watcher.enter();
        raise(ride(1, "Una High"), 1);
        raise(ride(2, "Uma Also"), 1);
        assertThat(card("Uma Also")).hasCount(1);
        watcher.go("alerts");

        watcher.page.locator("text=Acknowledge all 2").click();
        watcher.awaitText(".together-result p", "2 alerts acknowledged.");
        watcher.page.locator("text=Undo").click();
        watcher.awaitText(".together-result p", "Undone.");
        assertThat(watcher.page.locator("text=Acknowledge all 2")).isVisible();

        card("Una High")
                .locator("button", new Locator.LocatorOptions().setHasText("Silence"))
                .click();
        watcher.page.locator("[name=comment]").fill("Strap test");
        watcher.page.locator("text=Set silence").click();
        watcher.awaitContains(".silence", "Strap test");
        watcher.page.locator("[aria-label^='End the silence']").click();
        assertThat(watcher.page.locator(".silence")).hasCount(0);
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void ongoingAlertsAreOnTopAndCountedEndedOnesFoldedAway() throws Exception {
        watcher.enter();
        Bike first = ride(1, "Ena Ended");
        raise(first, 1);
        assertThat(card("Ena Ended")).isVisible();
        first.end();
        raise(ride(2, "Ora Ongoing"), 1);

        assertThat(card("Ora Ongoing")).isVisible();
        watcher.awaitText(".alert-panel summary", "1 ended");
        assertThat(card("Ena Ended")).isHidden();
        watcher.awaitText("#nav-alerts", "1").awaitText("#tile-high", "1");
        assertThat(watcher.page).hasTitle("(1) Fleet · Deloton live");
        watcher.page.locator(".alert-panel summary").click();
        assertThat(card("Ena Ended")).containsText("Ride ended");
    }

    @Test
    void aNewHighAlertRisesWhileThePointerIsInTheList() throws Exception {
        Bike calm = ride(1, "Ada Calm").reading(1, 150, 80, 40, 150);
        Bike other = ride(2, "Zoe Rising").reading(1, 100, 80, 40, 100);
        watcher.enter();
        Locator rows = watcher.page.locator(".rl-space .rl-row:not([hidden])");
        assertThat(rows).hasCount(2);
        watcher.page.locator(".rl-scroll").hover();
        watcher.awaitContains("#found", "sort order paused");

        raise(other, 2);
        calm.reading(2, 151, 80, 40, 150);

        assertThat(watcher.listed("Zoe Rising")).hasCSS("transform", "matrix(1, 0, 0, 1, 0, 0)");
        watcher.awaitContains("#found", "sort order paused");
    }

    @Test
    void aRideThatEndsWhileItIsWatchedShowsItsFiguresAndPeriod() throws Exception {
        Bike bike = ride(1, "Eda Ended").reading(1, 120, 80, 40, 100);
        watcher.enter();
        watcher.row("Eda Ended").locator("a").click();
        watcher.awaitContains(".bigs", "0:01");
        for (int second = 2; second <= 10; second++) {
            bike.reading(second, 120 + second, 80, 40, 100 + 10 * second);
        }
        bike.end();
        watcher.awaitText(".ride-state", "Ride ended");

        assertThat(watcher.page.locator(".bigs").innerText()).contains("0:10").doesNotContain("so far");
        watcher.awaitContains(".bigs", "mean · max 130 bpm · range 45–174")
                .awaitContains(".bigs", "mean · max 200 W")
                .awaitContains(".zones", "Light");
        assertThat(watcher.page.locator(".ride-head .note"))
                .hasText(Pattern.compile(".*\\d{4}, \\d\\d:\\d\\d–\\d\\d:\\d\\d"));
        assertThat(watcher.page.locator("main").innerText()).doesNotContain("so far", "new best", "age unknown");
    }

    @Test
    void holdingTheDisplayIsNotShownAsLive() {
        watcher.enter();
        watcher.page.locator("#hold").click();

        assertThat(watcher.page.locator("#pill-text")).hasText(Pattern.compile("Held 0:\\d\\d"));
        assertThat(watcher.page.locator("#pill")).hasAttribute("data-state", "stale");
        watcher.awaitContains("#banner", "Display on hold since");
        watcher.page.locator("#hold").click();
        watcher.awaitState("Live");

        watcher.page.locator("#hold").click();
        watcher.go("alerts").awaitState("Live");
        assertThat(watcher.page.getByText("Nothing to acknowledge")).isVisible();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "#/ride/abc, 'abc' is not a ride number",
                "#/toString, '#/toString' is not an address of this dashboard"
            })
    void unknownAddressesSaySo(String address, String text) {
        watcher.enter().page.navigate("/" + address);

        watcher.awaitText("h1", "Page not found").awaitContains("main", text);
        assertThat(watcher.page).hasTitle("Page not found · Deloton live");
    }
}
