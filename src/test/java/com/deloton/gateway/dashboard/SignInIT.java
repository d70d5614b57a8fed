package com.deloton.gateway.dashboard;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.dashboard.DashboardFixture.Look;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SAME_THREAD)
class SignInIT {
    @Test
    void signsInAtTheIdentityProviderAndKeepsTheTokenToItself() throws Exception {
        try (Browsers browsers = Browsers.open();
                DashboardFixture fixture = new DashboardFixture(1);
                TestProvider provider = new TestProvider(fixture.issuer)) {
            fixture.with("DELOTON_LIVE_SIGN_IN_CLIENT_ID", TestProvider.CLIENT)
                    .with("DELOTON_LIVE_SIGN_IN_AUTHORIZATION_URL", provider.url("/authorize"))
                    .with("DELOTON_LIVE_SIGN_IN_TOKEN_URL", provider.url("/token"))
                    .start();
            fixture.bike("SN1").logOn(1, "Olive Signed").reading(1, 118, 70, 30, 100);
            try (Watcher watcher = fixture.watch(browsers.browser, Look.DESKTOP_LIGHT)) {
                watcher.page.navigate("/#/fleet?q=olive");
                watcher.page.locator("#enter").click();

                watcher.awaitState("Live");
                assertThat(watcher.page.url()).isEqualTo(fixture.url() + "/#/fleet?q=olive");
                watcher.awaitCell("Olive Signed", "hr", "118 bpm");
                assertThat(provider.exchanges).hasSize(1);
                Map<String, String> exchange = provider.exchanges.getFirst();
                assertThat(exchange.get("code_verifier")).hasSizeGreaterThanOrEqualTo(43);
                assertThat(exchange).doesNotContainKey("client_secret");
                Object stored = watcher.page.evaluate(
                        "JSON.stringify([{...localStorage}, {...sessionStorage}]) + document.cookie");
                assertThat(stored).asString().doesNotContain("ey");
                assertThat(watcher.complaints)
                        .filteredOn(text -> text.contains("Content Security"))
                        .isEmpty();

                watcher.page.navigate("/?code=code-1&state=not-ours");
                watcher.awaitContains(".fault", "does not match a sign-in request of this page");
                assertThat(provider.exchanges).hasSize(1);

                provider.lifetimes.add(Duration.ofSeconds(6));
                watcher.page.locator("#enter").click();
                watcher.awaitState("Live");
                awaitTrue(() -> provider.exchanges.size() == 3);
                assertThat(provider.exchanges.getLast()).containsEntry("grant_type", "refresh_token");
                watcher.awaitState("Live");
            }
        }
    }
}
