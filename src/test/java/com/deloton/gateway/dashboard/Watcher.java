package com.deloton.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** A page in a browser context, with the errors and warnings of its console. */
final class Watcher implements AutoCloseable {
    private static final List<String> WCAG_22_AA = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa");

    final Page page;
    final List<String> complaints = new ArrayList<>();
    private final BrowserContext context;

    Watcher(BrowserContext context) {
        this.context = context;
        context.setDefaultTimeout(Browsers.TIMEOUT_MS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    /** Signs in with a development token and waits for the first frame. */
    Watcher enter() {
        page.navigate("/");
        page.locator("#enter").click();
        return awaitState("Live");
    }

    Watcher awaitState(String word) {
        assertThat(page.locator("#pill-text")).hasText(word);
        return this;
    }

    Watcher go(String view) {
        page.evaluate("view => { location.hash = view; }", "#/" + view);
        return this;
    }

    Watcher awaitText(String selector, String text) {
        assertThat(page.locator(selector)).hasText(text);
        return this;
    }

    Watcher awaitContains(String selector, String text) {
        assertThat(page.locator(selector)).containsText(text);
        return this;
    }

    /** The row of a rider in the fleet's list, which it searches for, as only rows in sight exist. */
    Locator row(String name) {
        Locator search = page.locator("input[type=search]");
        if (!search.inputValue().equals(name)) {
            search.fill(name);
        }
        return listed(name);
    }

    Locator listed(String name) {
        return page.locator(".rl-row:not([hidden])", new Page.LocatorOptions().setHasText(name));
    }

    Watcher awaitCell(String rider, String column, String text) {
        assertThat(row(rider).locator(".rl-" + column)).hasText(text);
        return this;
    }

    /** {@code rule: element} of each violation of WCAG 2.2 AA. */
    List<String> violations() {
        return violations(new AxeBuilder(page).withTags(WCAG_22_AA));
    }

    /** {@code rule: element} of each violation of one rule of axe. */
    List<String> violationsOf(String rule) {
        return violations(new AxeBuilder(page).withRules(List.of(rule)));
    }

    private static List<String> violations(AxeBuilder axe) {
        return axe.setLegacyMode(true).analyze().getViolations().stream()
                .flatMap(rule -> rule.getNodes().stream().map(node -> rule.getId() + ": " + node.getHtml()))
                .toList();
    }

    boolean scrollsSideways() {
        return (boolean) page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }

    @Override
    public void close() {
        context.close();
    }
}
