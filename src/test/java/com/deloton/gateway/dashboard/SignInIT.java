package com.deloton.gateway.dashboard;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.dashboard.DashboardFixture.Look;
import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings("NullAway.Init") // set before each test
@ResourceLock(Browsers.LOCK)
class SignInIT {
    private static Browsers browsers;
    private static DashboardFixture fixture;
    private static TestProvider provider;
    private Watcher watcher;

    @BeforeAll
    static void start() throws Exception {
        browsers = Browsers.open();
        fixture = new DashboardFixture(1);
        provider = new TestProvider(fixture.issuer);
        fixture.with("DELOTON_LIVE_SIGN_IN_CLIENT_ID", TestProvider.CLIENT)
                .with("DELOTON_LIVE_SIGN_IN_AUTHORIZATION_URL", provider.url("/authorize"))
                .with("DELOTON_LIVE_SIGN_IN_TOKEN_URL", provider.url("/token"))
                .with("DELOTON_LIVE_SIGN_IN_END_SESSION_URL", provider.url("/logout"))
                .start();
    }

    @AfterAll
    static void stop() {
        if (provider != null) {
            provider.close();
        }
        if (fixture != null) {
            fixture.close();
        }
    }

    @BeforeEach
    void open() {
        provider.reset();
        watcher = fixture.watch(browsers.browser, Look.DESKTOP_LIGHT);
    }

    @AfterEach
    void close() {
        watcher.close();
    }

    /** Moves the clock of the page on, so that its timers are due; by less than makes the feed reconnect. */
    private void passes(Duration time) {
        watcher.page.clock().fastForward(time.toMillis());
    }

    private void signIn() {
        watcher.page.navigate("/");
        watcher.page.locator("#enter").click();
        watcher.awaitState("Live");
    }

    @Test
    void signsInAtTheIdentityProviderAndKeepsTheTokenToItself() throws Exception {
        fixture.bike("SN1").logOn(1, "Olive Signed").reading(1, 118, 70, 30, 100);
        watcher.page.clock().install();
        watcher.page.navigate("/#/fleet?q=olive");
        watcher.page.locator("#enter").click();

        watcher.awaitState("Live");
        assertThat(watcher.page.url()).isEqualTo(fixture.url() + "/#/fleet?q=olive");
        watcher.awaitCell("Olive Signed", "hr", "118 bpm");
        assertThat(provider.exchanges).hasSize(1);
        Map<String, String> exchange = provider.exchanges.getFirst();
        assertThat(exchange.get("code_verifier")).hasSizeGreaterThanOrEqualTo(43);
        assertThat(exchange).doesNotContainKey("client_secret");
        Object stored =
                watcher.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.cookie");
        assertThat(stored).asString().doesNotContain("ey");
        assertThat(watcher.complaints)
                .filteredOn(text -> text.contains("Content Security"))
                .isEmpty();

        watcher.page.navigate("/?code=code-1&state=not-ours");
        watcher.awaitContains(".fault", "does not match a sign-in request of this page");
        assertThat(provider.exchanges).hasSize(1);

        provider.lifetimes.add(Duration.ofSeconds(20));
        watcher.page.locator("#enter").click();
        watcher.awaitState("Live");
        passes(Duration.ofSeconds(16));
        awaitTrue(() -> provider.exchanges.size() == 3);
        assertThat(provider.exchanges.getLast()).containsEntry("grant_type", "refresh_token");
        watcher.awaitState("Live");
    }

    @Test
    void aReloadKeepsTheUserSignedIn() throws Exception {
        signIn();
        watcher.page.reload();

        watcher.awaitState("Live");
        assertThat(provider.exchanges).hasSize(2);
        assertThat(provider.exchanges.getLast()).containsEntry("grant_type", "refresh_token");
    }

    @Test
    void aRefusedTokenIsRenewedOnceAndTheRequestRepeated() throws Exception {
        signIn();
        AtomicInteger requests = new AtomicInteger();
        watcher.page.route("**/v1/reports?**", route -> {
            if (requests.incrementAndGet() == 1) {
                route.fulfill(new Route.FulfillOptions().setStatus(401).setBody("{}"));
            } else {
                route.resume();
            }
        });
        watcher.go("reports");

        watcher.awaitText("h1", "Reports");
        watcher.page.waitForCondition(() -> requests.get() == 2);
        assertThat(provider.exchanges).hasSize(2);
        watcher.awaitState("Live");
    }

    @Test
    void anUnavailableTokenEndpointIsTriedAgainWithoutSigningOut() throws Exception {
        watcher.page.clock().install();
        provider.lifetimes.add(Duration.ofSeconds(20));
        signIn();
        provider.statuses.addAll(List.of(429, 503));

        passes(Duration.ofSeconds(16));
        awaitTrue(() -> provider.exchanges.size() == 2);
        passes(Duration.ofSeconds(1));
        awaitTrue(() -> provider.exchanges.size() == 3);
        passes(Duration.ofSeconds(2));
        awaitTrue(() -> provider.exchanges.size() == 4);
        watcher.awaitState("Live");
        PlaywrightAssertions.assertThat(watcher.page.locator("#enter")).hasCount(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {-600, 600})
    void renewalDoesNotDependOnTheClockOfTheComputer(long offsetS) throws Exception {
        watcher.page.clock().install(new Clock.InstallOptions().setTime(System.currentTimeMillis() + 1_000 * offsetS));
        provider.lifetimes.add(Duration.ofSeconds(20));
        signIn();

        passes(Duration.ofSeconds(16));
        awaitTrue(() -> provider.exchanges.size() == 2);
        assertThat(provider.exchanges.getLast()).containsEntry("grant_type", "refresh_token");
        watcher.awaitState("Live");
    }

    @Test
    void anErrorOfTheProviderIsShownWithItsDescription() {
        provider.statuses.add(400);
        watcher.page.navigate("/");
        watcher.page.locator("#enter").click();

        watcher.awaitText(".fault", "Answer 400 of the test.");
    }

    @Test
    void signingOutEndsTheSessionOfTheProvider() throws Exception {
        signIn();
        watcher.page.locator("#sign-out").click();

        watcher.page.locator("#enter").waitFor();
        awaitTrue(() -> provider.sessionsEnded.size() == 1);
        assertThat(provider.sessionsEnded.getFirst())
                .containsEntry("client_id", TestProvider.CLIENT)
                .containsEntry("post_logout_redirect_uri", fixture.url() + "/")
                .containsKey("id_token_hint");
        watcher.page.reload();
        watcher.page.locator("#enter").waitFor();
    }
}
