package com.deloton.gateway.api.http;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.dashboard.Browsers;
import com.deloton.gateway.testing.Warehouse;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DocumentationPagesIT {
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

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
    void aBrowserShowsAnOperation() {
        try (Browsers browsers = Browsers.open()) {
            Page page = browsers.browser.newPage();
            List<String> faults = new ArrayList<>();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    faults.add(message.text());
                }
            });
            page.onPageError(faults::add);
            page.onRequestFailed(request -> faults.add(request.url()));
            page.setViewportSize(1280, 1600);
            page.navigate("http://127.0.0.1:" + api.fixture.port() + "/docs/");
            page.locator("#operations-rides-listRides .opblock-summary-control").click();

            assertThat(page.locator("#operations-rides-listRides .opblock-body"))
                    .containsText("Rides that match all filters");
            assertThat(page.locator("#operations-rides-listRides .responses-inner"))
                    .containsText("A page of rides.");
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/docs.png")));
            assertThat(faults).isEmpty();
        }
    }
}
