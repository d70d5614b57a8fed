package com.deloton.gateway.api.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.dashboard.Browsers;
import com.deloton.gateway.local.token.DevelopmentTokens;
import com.deloton.gateway.testing.Warehouse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(Browsers.LOCK)
class DocumentationPagesIT {
    private static final String LIST_RIDES = "#operations-rides-listRides";
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void start() {
        api = new WholeApi(Warehouse.fresh());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void theContractsAreServedAsTheyStandAtTheTopOfTheRepository() throws Exception {
        HttpResponse<String> served = api.fixture.send(api.fixture.request("/openapi.yaml"));
        HttpResponse<String> events = api.fixture.send(api.fixture.request("/asyncapi.yaml"));

        assertThat(served.statusCode()).isEqualTo(200);
        assertThat(served.headers().firstValue("content-type")).contains("application/yaml; charset=utf-8");
        assertThat(served.body()).isEqualTo(Files.readString(Path.of("openapi.yaml")));
        assertThat(events.statusCode()).isEqualTo(200);
        assertThat(events.body()).isEqualTo(Files.readString(Path.of("asyncapi.yaml")));
    }

    @Test
    void thePageAndAllThatItNamesComeFromHere() {
        assertThat(api.fixture.send(api.fixture.request("/docs")).headers().firstValue("location"))
                .contains("/docs/");
        HttpResponse<String> page = api.fixture.send(api.fixture.request("/docs/"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'", "script-src 'self'"));
        assertThat(page.body()).doesNotContainPattern("<script(?![^>]*\\ssrc=)").doesNotContain("<style");
        List<String> links = LINK.matcher(page.body())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(links).hasSizeGreaterThan(3);
        for (String link : links) {
            URI uri = URI.create("/docs/").resolve(link);
            assertThat(uri.getHost()).as(link).isNull();
            assertThat(api.fixture.send(api.fixture.request(uri.getPath())).statusCode())
                    .as(link)
                    .isEqualTo(200);
        }
    }

    @Test
    void aBrowserShowsAnOperationWithCodeSamples() {
        try (Page page = Browsers.open().browser.newPage()) {
            List<String> faults = faults(page);
            open(page, api);

            assertThat(page.locator(LIST_RIDES + " .opblock-body")).containsText("Rides that match all filters");
            assertThat(page.locator(LIST_RIDES + " .responses-inner")).containsText("A page of rides.");
            for (String language : List.of("curl", "Python", "TypeScript", "Java")) {
                page.locator(LIST_RIDES + " .samples button")
                        .getByText(language)
                        .click();
                assertThat(page.locator(LIST_RIDES + " .samples pre"))
                        .containsText("http://127.0.0.1:" + api.fixture.port() + "/v1/rides");
            }
            assertThat(page.locator("#token")).isHidden();
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/docs.png")));
            assertThat(faults).isEmpty();
        }
    }

    @Test
    void aPageOfADevelopmentGatewayRequestsATokenByOneClickAndIsDarkWhereTheSystemIs() throws Exception {
        DevelopmentTokens tokens = new DevelopmentTokens(folder, InstantSource.system());
        JwtConfig jwt = new JwtConfig(
                Objects.requireNonNull(tokens.variables().get("DELOTON_API_JWT_ISSUER")),
                Objects.requireNonNull(tokens.variables().get("DELOTON_API_JWT_AUDIENCE")),
                null,
                List.of(Path.of(Objects.requireNonNull(tokens.variables().get("DELOTON_API_JWT_KEY_FILES")))),
                Duration.ZERO);
        try (WholeApi local = new WholeApi(Warehouse.fresh(), jwt, List.of(tokens));
                Page page = Browsers.open()
                        .browser
                        .newPage(new Browser.NewPageOptions().setColorScheme(ColorScheme.DARK))) {
            List<String> faults = faults(page);
            open(page, local);
            assertThat(page.locator("html")).hasClass("dark-mode");

            page.locator("#token").click();
            assertThat(page.locator("#authorized")).hasText("Authorized with all scopes");
            page.locator(LIST_RIDES + " .try-out__btn").click();
            page.locator(LIST_RIDES + " .execute").click();

            assertThat(page.locator(LIST_RIDES + " .live-responses-table .response .response-col_status"))
                    .containsText("200");
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/docs-dark.png")));
            assertThat(faults).isEmpty();
        }
    }

    private static void open(Page page, WholeApi server) {
        page.setViewportSize(1280, 1600);
        page.navigate("http://127.0.0.1:" + server.fixture.port() + "/docs/");
        page.locator(LIST_RIDES + " .opblock-summary-control").click();
    }

    private static List<String> faults(Page page) {
        List<String> faults = new ArrayList<>();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        page.onRequestFailed(request -> faults.add(request.url()));
        return faults;
    }
}
