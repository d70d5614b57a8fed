package com.deloton.gateway.dashboard;

import com.deloton.gateway.testing.Skipped;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Chromium and Node.js of this machine; nothing is downloaded. */
public final class Browsers implements AutoCloseable {
    static final double TIMEOUT_MS = 30_000;

    private static final List<String> CHROMIUM_FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    public final Browser browser;

    private Browsers(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Where there is no browser, the calling test is {@link Skipped}. */
    public static Browsers open() {
        Path chromium = find("chromium", "chromium-browser", "google-chrome");
        Path node = find("node", "nodejs");
        if (chromium == null || node == null) {
            return Skipped.test("a test of a page", "Chromium and Node.js (Debian: apt install chromium nodejs)");
        }
        PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_NODEJS_PATH", node.toString(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setHeadless(true)
                        .setArgs(CHROMIUM_FLAGS));
        return new Browsers(playwright, browser);
    }

    static @Nullable Path find(String... names) {
        for (String name : names) {
            for (String folder : System.getenv("PATH").split(":", -1)) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        return null;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
