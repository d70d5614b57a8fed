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

/** The Chromium and Node.js of this machine; nothing is downloaded. All tests of a process share one browser. */
public final class Browsers {
    /** For {@link org.junit.jupiter.api.parallel.ResourceLock}: Playwright serves one thread at a time. */
    public static final String LOCK = "browser";

    static final double TIMEOUT_MS = 30_000;

    private static final List<String> CHROMIUM_FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static @Nullable Browsers shared;

    public final Browser browser;

    private Browsers(Browser browser) {
        this.browser = browser;
    }

    /** The browser of the process, started on first use; it ends with the process. Where there is no browser, the calling test is {@link Skipped}. */
    public static synchronized Browsers open() {
        if (shared != null) {
            return shared;
        }
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
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        Browsers opened = new Browsers(browser);
        shared = opened;
        return opened;
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
}
