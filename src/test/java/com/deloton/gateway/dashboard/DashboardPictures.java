package com.deloton.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Pictures of every view of a running {@code local}, in four widths and two themes, for a person to look at, and
 * {@code findings.txt} with violations of WCAG, cut texts, and pages that scroll sideways. Not part of the build:
 * {@code mvn -Dquick test -Dtest=DashboardPictures -Dpictures=DIR -Dpictures.of=http://localhost:8080}, with
 * {@code -Dpictures.only=fleet,rider} and {@code -Dpictures.looks=390-dark} for some of them.
 */
@EnabledIfSystemProperty(named = "pictures", matches = ".+")
@ResourceLock(Browsers.LOCK)
class DashboardPictures {
    private static final int HEIGHT = 900;
    /** All rules of WCAG in the first two, and in the others only what depends on the width. */
    private static final List<String> LOOKS = List.of(
            "1440-light", "390-dark", "820-dark", "1280-light", "390-light", "1440-dark", "820-light", "1280-dark");

    private static final double SETTLE_MS = 400;

    /** Visible elements whose own text is wider than they are, and elements beyond the right edge of the page. */
    private static final String CUT = """
            () => {
              const cut = [];
              for (const e of document.querySelectorAll('body *')) {
                if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
                if (e.closest('.unseen, .skip, .uplot, svg')) continue;
                const hasText = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
                if (!hasText) continue;
                const style = getComputedStyle(e);
                const isHidden = style.overflowX !== 'visible' && style.display !== 'inline';
                const word = `${e.className || e.tagName}: ${e.textContent.trim().slice(0, 60)}`;
                if (isHidden && e.scrollWidth > e.clientWidth + 1) cut.push(`cut ${word}`);
                else if (e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, .views, .raw'))
                  cut.push(`beyond the edge ${word}`);
              }
              return cut;
            }""";

    private final Path directory = Path.of(System.getProperty("pictures", "target/pictures"));
    private final String gateway = System.getProperty("pictures.of", "http://localhost:8080");
    private final @Nullable String only = System.getProperty("pictures.only");
    private final @Nullable String looks = System.getProperty("pictures.looks");
    private final List<String> findings = new ArrayList<>();

    @Test
    void ofEveryView() throws Exception {
        Files.createDirectories(directory);
        Browser browser = Browsers.open().browser;
        for (String look : LOOKS) {
            if (looks == null || List.of(looks.split(",")).contains(look)) {
                String[] parts = look.split("-", -1);
                pictures(
                        browser,
                        look,
                        ColorScheme.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                        Integer.parseInt(parts[0]));
                Files.write(directory.resolve("findings.txt"), findings);
            }
        }
    }

    private void pictures(Browser browser, String look, ColorScheme theme, int width) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(gateway)
                .setViewportSize(width, HEIGHT)
                .setColorScheme(theme));
        try (Watcher watcher = new Watcher(context)) {
            Api api = new Api(watcher.page);
            watcher.page.navigate("/");
            watcher.page.locator("#enter").waitFor();
            take(watcher, "sign-in", look);
            watcher.enter();
            views(api).forEach((name, address) -> {
                if (isWanted(name)) {
                    watcher.page.navigate(address);
                    if (address.startsWith("/#/")) {
                        assertThat(watcher.page.locator("h1")).hasCount(1);
                    }
                    if (name.equals("me")) {
                        watcher.page.locator("#enter").click();
                        watcher.page.locator(".me .tiles").waitFor();
                    }
                    take(watcher, name, look);
                }
            });
            if (isWanted("fleet-held")) {
                watcher.page.navigate("/#/fleet");
                watcher.page.locator("#hold").click();
                take(watcher, "fleet-held", look);
            }
        }
    }

    private boolean isWanted(String name) {
        return only == null || List.of(only.split(",")).contains(name);
    }

    private void take(Watcher watcher, String name, String look) {
        if (!isWanted(name)) {
            return;
        }
        watcher.page.waitForLoadState(LoadState.NETWORKIDLE);
        watcher.page.waitForTimeout(SETTLE_MS);
        watcher.page.screenshot(new Page.ScreenshotOptions()
                .setPath(directory.resolve(name + "-" + look + ".png"))
                .setFullPage(true));
        String where = "%s %s: ".formatted(name, look);
        if (watcher.scrollsSideways()) {
            findings.add(where + "scrolls sideways");
        }
        List<?> cut = (List<?>) watcher.page.evaluate(CUT);
        cut.forEach(text -> findings.add(where + text));
        if (LOOKS.indexOf(look) < 2 && !name.startsWith("mail-") && !name.equals("docs")) {
            watcher.violations().forEach(violation -> findings.add(where + violation));
        }
        watcher.complaints.forEach(text -> findings.add(where + text));
        watcher.complaints.clear();
    }

    /** The addresses of the views, with rides, alerts and mails that the gateway has. */
    private static Map<String, String> views(Api api) {
        Map<String, String> views = new LinkedHashMap<>();
        for (String view : List.of(
                "fleet", "alerts", "rides", "leaderboard", "hours", "quality", "reports", "about", "help", "nowhere")) {
            views.put(view, "/#/" + view);
        }
        List<JsonObject> alerts = api.items("/v1/alerts?limit=100");
        Set<Long> alerted =
                alerts.stream().map(alert -> alert.getLong("rideId")).collect(Collectors.toSet());
        alerts.stream()
                .min((a, b) -> Boolean.compare(isOver(a), isOver(b)))
                .ifPresent(alert -> views.put("alert", "/#/alert/" + alert.getString("alertId")));
        List<JsonObject> ended = api.items("/v1/rides?limit=200&status=ended");
        rides(views, "ride-live", api.items("/v1/rides?limit=50&status=live"));
        rides(
                views,
                "ride-ended",
                ended.stream().filter(ride -> !alerted.contains(id(ride))).toList());
        rides(
                views,
                "ride-alerted",
                ended.stream().filter(ride -> alerted.contains(id(ride))).toList());
        ended.stream().findFirst().ifPresent(ride -> {
            Long rider = ride.getJsonObject("rider").getLong("riderId");
            views.put("rider", "/#/rider/" + rider);
            views.put("me", "/me.html?rider=" + rider);
        });
        views.put("docs", "/docs/");
        views.put("mailbox", "/mail");
        views.putAll(api.mails());
        views.put("wall", "/#/wall");
        return views;
    }

    private static boolean isOver(JsonObject alert) {
        return List.of("normal", "ended").contains(alert.getString("phase"));
    }

    private static Long id(JsonObject ride) {
        return ride.getLong("rideId");
    }

    private static void rides(Map<String, String> views, String name, List<JsonObject> rides) {
        rides.stream().findFirst().ifPresent(ride -> views.put(name, "/#/ride/" + id(ride)));
    }

    /** The gateway's API and mailbox, with a development token. */
    private static final class Api {
        private final Page page;
        private final String token;

        Api(Page page) {
            this.page = page;
            token = new JsonObject(page.request().post("/v1/token").text()).getString("token");
        }

        List<JsonObject> items(String path) {
            APIResponse answer =
                    page.request().get(path, RequestOptions.create().setHeader("Authorization", "Bearer " + token));
            JsonArray items = new JsonObject(answer.text()).getJsonArray("items");
            return items.stream().map(JsonObject.class::cast).toList();
        }

        /** The latest mail of each subject, and the page behind the link of an alert. */
        Map<String, String> mails() {
            Map<String, String> found = new LinkedHashMap<>();
            page.navigate("/mail");
            @SuppressWarnings("unchecked")
            List<String> links = (List<String>)
                    page.evaluate(
                            "[...document.querySelectorAll('a[href$=\"/html\"]')].map((a) => a.getAttribute('href') + ' ' + a.textContent)");
            for (String link : links) {
                int space = link.indexOf(' ');
                String kind = link.substring(space + 1)
                        .replaceAll("\\d+", "")
                        .replaceAll("[^A-Za-z]+", " ")
                        .strip();
                String[] words = kind.toLowerCase(Locale.ROOT).split(" ");
                found.putIfAbsent(
                        "mail-" + String.join("-", List.of(words).subList(0, Math.min(7, words.length))),
                        link.substring(0, space));
            }
            found.values().stream()
                    .map(path -> page.request().get(path).text())
                    .map(html -> html.replaceAll("(?s).*?(/alerts/acknowledge/[\\w.-]+).*", "$1"))
                    .filter(path -> path.startsWith("/alerts/"))
                    .findFirst()
                    .ifPresent(path -> found.put("acknowledge", path));
            return found;
        }
    }
}
