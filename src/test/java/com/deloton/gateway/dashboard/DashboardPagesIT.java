package com.deloton.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.dashboard.DashboardFixture.Bike;
import com.deloton.gateway.dashboard.DashboardFixture.Look;
import com.deloton.gateway.testing.IngestFixture;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The pages about what is stored. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
@ResourceLock(Browsers.LOCK)
class DashboardPagesIT {
    private static Browsers browsers;
    private static DashboardFixture fixture;

    @SuppressWarnings("NullAway.Init") // each test opens one
    private Watcher watcher;

    @BeforeAll
    static void open() throws Exception {
        browsers = Browsers.open();
        fixture = new DashboardFixture(1).start();
        storeReport("2026-11-23");
        storeReport("2026-11-24");
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

    private static void storeReport(String day) throws Exception {
        try (Connection connection = fixture.database.connect();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO daily_report (day, zone, status, generated_at, sent_at, rides, riders, figures, html, csv)
                        VALUES (?::date, 'Europe/London', 'sent', now(), now(), 7, 5, '{}', ?, 'rides,7')""")) {
            insert.setString(1, day);
            insert.setString(2, """
            <!DOCTYPE html><html><head><title>Report</title><style>
            @media (prefers-color-scheme:dark){.card{background-color:#111a2b!important}}</style></head>
            <body><table class="card" style="background-color:#ffffff;max-width:640px"><tr><td>
            <h1 style="color:#0f4c47">Report %s</h1><script>document.body.remove()</script>
            <img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" width="20" height="20" alt="Rides per hour"/>
            </td></tr></table></body></html>
            """.formatted(day));
            insert.execute();
        }
    }

    @Test
    void anArchivedReportIsShownAsItWasMailed() {
        watch(Look.DESKTOP_DARK).enter().go("reports/2026-11-23");

        FrameLocator report = watcher.page.frameLocator(".paper iframe");
        assertThat(report.locator("h1")).hasText("Report 2026-11-23");
        assertThat(report.locator("h1")).hasCSS("color", "rgb(15, 76, 71)");
        assertThat(report.locator(".card")).hasCSS("background-color", "rgb(17, 26, 43)");
        assertThat(report.getByAltText("Rides per hour")).hasJSProperty("naturalWidth", 1);
        assertThat(watcher.violations()).isEmpty();

        watcher.page.getByLabel("Next report").click();
        assertThat(report.locator("h1")).hasText("Report 2026-11-24");
        assertThat(watcher.page).hasURL(fixture.url() + "/#/reports/2026-11-24");
        assertThat(watcher.page.getByLabel("Next report")).isDisabled();
    }

    @Test
    void aReportIsSavedAsPdfCsvAndHtml() throws Exception {
        watch(Look.PHONE_LIGHT).enter().go("reports/2026-11-24");

        assertThat(saved(".report", "CSV", "daily-report-2026-11-24.csv")).isEqualTo("rides,7");
        assertThat(saved(".report", "HTML", "daily-report-2026-11-24.html")).contains("Report 2026-11-24");
        assertThat(saved(".report", "PDF", "daily-report-2026-11-24.pdf")).startsWith("%PDF-");
        assertThat(watcher.scrollsSideways()).isFalse();
        assertThat(watcher.complaints).isEmpty();
    }

    private String saved(String within, String button, String name) throws Exception {
        Download download = watcher.page.waitForDownload(() -> watcher.page
                .locator(within)
                .getByText(button, new Locator.GetByTextOptions().setExact(true))
                .click());
        assertThat(download.suggestedFilename()).isEqualTo(name);
        return Files.readString(download.path(), within.equals(".report") ? ISO_8859_1 : UTF_8);
    }

    @Test
    void aReportIsRunAgainAfterAQuestion() {
        watch(Look.DESKTOP_LIGHT).enter().go("reports/2026-11-24");
        watcher.page.onceDialog(dialog -> {
            assertThat(dialog.message()).startsWith("Make the report of Tue, 24 Nov 2026 again");
            dialog.accept();
        });

        watcher.page.getByText("Run again").click();

        assertThat(watcher.page.locator(".days li", new Page.LocatorOptions().setHasText("24 Nov 2026")))
                .containsText("Due");
        assertThat(watcher.page.getByText("Run again")).isDisabled();
    }

    @Test
    void ridesAreFilteredSortedAndSaved() throws Exception {
        long calm = endedRide(1, "Ada Stored", 5);
        endedRide(2, "Bea Stored", 9);
        watch(Look.DESKTOP_LIGHT).enter().go("rides?rider=Ada");

        Locator rows = watcher.page.locator(".rides-table tbody tr");
        assertThat(rows).hasCount(1);
        assertThat(rows).containsText("Ada Stored");
        assertThat(rows.locator("a").first()).hasAttribute("href", "#/ride/" + calm);
        watcher.page
                .locator("button", new Page.LocatorOptions().setHasText("All rides"))
                .click();
        assertThat(rows).not().hasCount(1);
        watcher.page.getByLabel("Rider’s name or number").fill("Bea");
        assertThat(rows).hasCount(1);
        assertThat(watcher.page).hasURL(fixture.url() + "/#/rides?rider=Bea");
        watcher.page.getByText("Duration").click();
        assertThat(watcher.page).hasURL(fixture.url() + "/#/rides?rider=Bea&sort=-durationS");
        assertThat(watcher.page.locator("th[aria-sort=descending]")).hasText("Duration");

        assertThat(saved(".panel", "CSV", "rides.csv"))
                .startsWith("ride_id,rider_id,")
                .contains("Bea Stored")
                .doesNotContain("Ada Stored");
        assertThat(watcher.violations()).isEmpty();
        watcher.page.getByLabel("Any gender").selectOption("male");
        assertThat(watcher.page.getByText("No rides match")).isVisible();
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void aRidersPageShowsRecordsAndKeepsAlertSettings() throws Exception {
        long ride = endedRide(3, "Rita Page", 6);
        watch(Look.DESKTOP_DARK).enter().go("rider/3");

        watcher.awaitText("h1", "Rita Page").awaitContains(".tiles", "Rides1");
        assertThat(watcher.page.locator(".bests")).containsText("Longest ride0:06");
        assertThat(watcher.page.locator(".rides-table tbody th a")).hasAttribute("href", "#/ride/" + ride);
        assertThat(watcher.page.locator(".zone-rides li")).hasCount(1);
        watcher.awaitContains(".facts", "rider3@example.com");
        watcher.page.getByLabel("Highest heart rate, bpm").fill("165");
        watcher.page.getByText("Save settings").click();
        watcher.awaitContains(".settings", "Settings saved");
        assertThat(watcher.violations()).isEmpty();

        watcher.page.reload();
        assertThat(watcher.page.getByLabel("Highest heart rate, bpm")).hasValue("165");
        assertThat(saved("main", "Save all data of this rider", "rider-3.json"))
                .contains("Rita Page", "\"maxBpm\": 165");
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void aRiderSeesAnswersAndErasesTheOwnDataOnly() throws Exception {
        Bike bike = fixture.bike("SN31").logOn(31, "Olga Own");
        for (int second = 1; second <= 8; second++) {
            bike.reading(second, second < 5 ? 199 : 120, 80, 40, 100);
        }
        bike.end();
        long ride = awaitEnded(31);
        endedRide(32, "Petra Private", 3);
        watch(Look.PHONE_LIGHT).page.navigate("/me.html?rider=31");
        watcher.page.locator("#enter").click();

        watcher.awaitText(".me > .head .note", "Olga Own · rider 31").awaitContains(".tiles", "Rides1");
        assertThat(watcher.page.locator(".rides-table tbody th a")).hasAttribute("href", "#/ride/" + ride);
        watcher.awaitContains(".bigs", "Duration0:08")
                .awaitContains(".bigs", "range 45–174")
                .awaitContains(".zone-list", "Maximal0:04");
        assertThat(watcher.page.content()).doesNotContain("Petra");
        assertThat(saved("main", "CSV", "ride-" + ride + ".csv")).startsWith("elapsed_s,at,");
        assertThat(watcher.violations()).isEmpty();
        assertThat(watcher.scrollsSideways()).isFalse();

        watcher.page
                .locator(".own-alerts button", new Page.LocatorOptions().setHasText("It was the sensor"))
                .click();
        watcher.awaitContains(".own-alerts", "Your answer: it was the sensor");
        watcher.page.getByLabel("Highest heart rate, bpm").fill("190");
        watcher.page.getByLabel("Send me no mails").check();
        watcher.page.getByText("Save settings").click();
        watcher.awaitContains(".settings", "Settings saved");
        watcher.page.reload();
        watcher.awaitContains(".own-alerts", "Your answer: it was the sensor");
        assertThat(watcher.page.getByLabel("Send me no mails")).isChecked();
        assertThat(saved("main", "Save all my data", "rider-31.json"))
                .contains("Olga Own", "\"maxBpm\": 190")
                .doesNotContain("Petra");
        assertThat(watcher.complaints).isEmpty();

        watcher.page.locator("summary").click();
        Locator erase = watcher.page.locator("details button");
        assertThat(erase).isDisabled();
        watcher.page.getByLabel("To confirm, enter “erase”").fill("erase");
        erase.click();
        watcher.awaitText(".sign-in .fault", "Your data have been erased: 1 ride and 1 alert.");
    }

    @Test
    void aRidersPageHidesPersonalDataWithoutTheScopeRidersRead() throws Exception {
        endedRide(4, "Hidden Rider", 4);
        watch(Look.DESKTOP_LIGHT).page.navigate("/#/rider/4");
        watcher.page.locator("#enter-nameless").click();

        watcher.awaitText("h1", "Rider 4").awaitContains(".bests", "Longest ride");
        assertThat(watcher.page.content()).doesNotContain("Hidden", "rider4@example.com", "Alert settings");
        assertThat(watcher.complaints).isEmpty();
    }

    @Test
    void theLeaderboardRanksRidersOfAPeriod() throws Exception {
        endedRide(5, "Lea First", 20);
        watch(Look.PHONE_DARK).enter().go("leaderboard?by=power&over=5s");

        Locator row = watcher.page.locator("tbody tr", new Page.LocatorOptions().setHasText("Lea First"));
        assertThat(row).containsText("100");
        assertThat(row.locator("a").first()).hasAttribute("href", "#/rider/5");
        assertThat(watcher.violations()).isEmpty();
        assertThat(watcher.scrollsSideways()).isFalse();
        watcher.page.getByLabel("Any gender").selectOption("male");
        assertThat(watcher.page.getByText("No ended ride of this period matches."))
                .isVisible();
    }

    @Test
    void anEndedRideShowsHowManySecondsWereMeasured() throws Exception {
        Bike bike = fixture.bike("SN6").logOn(6, "Mia Missing");
        bike.reading(1, 120, 80, 40, 100).reading(2, 0, 80, 40, 100).reading(5, 121, 80, 40, 9_999);
        bike.send("{\"log\": \"not a line\"}");
        bike.end();
        watch(Look.DESKTOP_LIGHT).enter().go("ride/" + awaitEnded(6));

        watcher.awaitContains(".coverage", "Duration5 seconds")
                .awaitContains(".coverage", "With a reading3 seconds")
                .awaitContains(".coverage", "Cleaned1 second")
                .awaitContains(".coverage", "Missing2 seconds")
                .awaitContains(".coverage", "Without heart rate1 second");
        showSecond("0:05");
        watcher.awaitContains(".second", "Cleaned: a value or the time of its record was invalid.")
                .awaitContains(".second", "Powernot measured")
                .awaitContains(".second", "in topic " + fixture.topic + ", partition 0, from offset ");
        showSecond("3");
        watcher.awaitContains(".second", "Second 0:03 · No reading of this second.");
        showSecond("soon");
        watcher.awaitContains(".second", "Not a second of this ride; expected 0:00 to 0:05, for example 0:05.");
        watcher.page.locator(".raw-records button").click();
        watcher.awaitText(".raw-records pre", "{\"log\": \"not a line\"}");
        assertThat(watcher.violations()).isEmpty();
        assertThat(watcher.complaints).isEmpty();
    }

    private void showSecond(String entered) {
        watcher.page.locator("[name=second]").fill(entered);
        watcher.page.getByText("Show second").click();
    }

    @Test
    void theWallShowsTheFleetWithoutControlsAndSignsInByItself() throws Exception {
        Bike bike = fixture.bike("SN7").logOn(7, "Wally Wall");
        for (int second = 1; second <= 4; second++) {
            bike.reading(second, 199, 90, 50, 250);
        }
        watch(Look.DESKTOP_DARK).page.navigate("/#/wall");

        watcher.awaitContains(".wall-alerts", "Wally Wall");
        assertThat(watcher.page.locator("canvas.heat")).isVisible();
        assertThat(watcher.page.locator("header.bar")).isHidden();
        assertThat(watcher.violations()).isEmpty();
        watcher.page.getByText("Leave the wall").click();
        assertThat(watcher.page.locator("header.bar")).isVisible();
        bike.end();
    }

    @Test
    void aWallDisplayRunsWithALinkUntilItIsRevoked() throws Exception {
        Bike bike = fixture.bike("SN11").logOn(11, "Wanda Wall");
        for (int second = 1; second <= 4; second++) {
            bike.reading(second, 199, 90, 50, 250);
        }
        watch(Look.DESKTOP_LIGHT).enter().go("about");
        watcher.page.locator(".wall-tokens [name=label]").fill("Screen in the gym");
        watcher.page.getByText("Create link").click();
        watcher.awaitContains(".wall-tokens .silence", "Screen in the gym");
        assertThat(watcher.violations()).isEmpty();
        String link = watcher.page.locator(".wall-link").inputValue();
        try (Watcher display = fixture.watch(browsers.browser, Look.DESKTOP_DARK)) {
            display.page.navigate(link);

            display.awaitContains(".wall-alerts", "Bike SN11").awaitContains(".wall-alerts", "199 bpm");
            assertThat(display.page).hasURL(fixture.url() + "/#/wall");
            assertThat(display.page.content()).doesNotContain("Wanda", "wall_");
            display.page.reload();
            display.awaitContains(".wall-alerts", "Bike SN11");
            assertThat(display.complaints).isEmpty();

            watcher.page.getByLabel("Revoke the link of Screen in the gym").click();
            assertThat(watcher.page.locator(".wall-tokens .silence")).hasCount(0);
            assertThat(display.page.locator(".fault"))
                    .containsText(
                            "The token of this wall display was revoked or has expired.",
                            new LocatorAssertions.ContainsTextOptions().setTimeout(10_000));
        }
        bike.end();
    }

    @Test
    void aResponseToAnAlertIsSeenByAll() throws Exception {
        Bike bike = fixture.bike("SN8").logOn(8, "Rosa Respond");
        for (int second = 1; second <= 4; second++) {
            bike.reading(second, 199, 90, 50, 250);
        }
        watch(Look.PHONE_LIGHT).enter();
        watcher.page.getByLabel("Respond to the alert of Rosa Respond").click();
        watcher.awaitText("h1", "Rosa Respond")
                .awaitText(".big-value", "199 bpm")
                .awaitContains(".big-detail", "range 45–174 bpm")
                .awaitContains(".facts", "SN8")
                .awaitContains(".facts", "1 High Street, London, E1 1AA");
        assertThat(watcher.violations()).isEmpty();
        assertThat(watcher.scrollsSideways()).isFalse();
        try (Watcher other = fixture.watch(browsers.browser, Look.DESKTOP_DARK)) {
            other.enter().page.evaluate("hash => { location.hash = hash; }", watcher.page.evaluate("location.hash"));
            other.awaitText(".going", "No response yet");

            watcher.page.getByText("I am going").click();

            watcher.awaitContains(".going", "somebody responded at");
            other.awaitContains(".going", "somebody responded at").awaitContains(".going", ", after ");
        }
        bike.end();
    }

    @Test
    void aNewAlertShowsADesktopNoticeOnceTheUserHasSwitchedThemOn() throws Exception {
        watch(Look.DESKTOP_LIGHT).page.addInitScript("""
                window.Notification = class {
                  static permission = 'granted';
                  constructor(title, { body }) { document.body.dataset.notice = body; }
                };""");
        watcher.enter().go("alerts");
        Locator button = watcher.page.getByText("Sound and notices");
        assertThat(button).hasAttribute("aria-pressed", "false");
        button.click();
        Bike bike = fixture.bike("SN10").logOn(10, "Nina Notice");
        for (int second = 1; second <= 4; second++) {
            bike.reading(second, 199, 90, 50, 250);
        }

        assertThat(watcher.page.locator("body"))
                .hasAttribute("data-notice", "Critical alert: Nina Notice, 199 beats per minute");
        watcher.page.reload();
        assertThat(button).hasAttribute("aria-pressed", "true");
        bike.end();
    }

    @Test
    void theHelpExplainsMarksAndZones() {
        watch(Look.PHONE_DARK).enter();
        watcher.page.keyboard().press("?");

        watcher.awaitText("h1", "Help").awaitContains("main", "Vigorousfrom 77 % to under 96 %");
        assertThat(watcher.violations()).isEmpty();
        assertThat(watcher.scrollsSideways()).isFalse();
    }

    @Test
    void theTourFollowsTheStory() throws Exception {
        watch(Look.DESKTOP_LIGHT).enter().go("story");
        watcher.awaitContains(".tour-panel", "No story is running");
        Bike bike = fixture.bike("STORY4").logOn(9, "Alan Turing").reading(20, 120, 80, 40, 100);

        watcher.awaitContains(".tour [aria-current]", "A critical alert");
        assertThat(watcher.page.locator(".tour-panel").getByText("No story is running"))
                .isHidden();
        assertThat(watcher.violations()).isEmpty();
        bike.end();
    }

    /** The id of a stored ride of {@code seconds} readings at 120 bpm and 100 W. */
    private static long endedRide(int rider, String name, int seconds) throws Exception {
        Bike bike = fixture.bike("SN" + rider).logOn(rider, name);
        for (int second = 1; second <= seconds; second++) {
            bike.reading(second, 120, 80, 40, 100);
        }
        bike.end();
        return awaitEnded(rider);
    }

    private static long awaitEnded(int rider) throws Exception {
        try (Connection connection = fixture.database.connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT ride_id FROM ride WHERE rider_id = ? AND status = 'completed'")) {
            select.setLong(1, rider);
            AtomicLong ride = new AtomicLong();
            IngestFixture.awaitTrue(() -> {
                try (ResultSet rows = select.executeQuery()) {
                    ride.set(rows.next() ? rows.getLong(1) : 0);
                    return ride.get() != 0;
                }
            });
            return ride.get();
        }
    }
}
