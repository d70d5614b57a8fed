package com.deloton.infra.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.engine.Stacks;
import com.deloton.infra.engine.Step;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths against the planned listener rules, by priority, as a load balancer would try them. */
class PublicPathsTest {
    private final List<Step> rules = Stacks.steps("prod", "ListenerRule").stream()
            .sorted(Comparator.comparingInt(
                    rule -> rule.inputs().get("priority").getAsInt()))
            .toList();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/rides",
                "/openapi.yaml",
                "/docs",
                "/docs/swagger-ui.css",
                "/live/config",
                "/live/fleet",
                "/live/tickets",
                "/eventbus/info",
                "/eventbus/123/abc/websocket",
                "/alerts/acknowledge/MTIz.c2lnbmVk"
            })
    void theDashboardTheApiAndTheLinksInMailsAreServed(String path) {
        assertThat(action(path)).isEqualTo("forward");
    }

    @Test
    void everyFileOfTheDashboardIsServed() throws IOException {
        Path webroot = Path.of("..", "..", "webroot");
        try (Stream<Path> files = Files.walk(webroot)) {
            assertThat(files.filter(Files::isRegularFile).map(file -> "/" + webroot.relativize(file)))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(path -> assertThat(action(path)).isEqualTo("forward"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/metrics/",
                "/metrics.json",
                "/health/live",
                "/health/ready",
                "/health.js",
                "/v1/../metrics",
                "/v1/%2e%2e/metrics",
                "/v1/.%2E/metrics",
                "/eventbus/../health/ready",
                "//metrics",
                "/%6detrics",
                "/alerts/acknowledge/../../metrics",
                "/alerts",
                "/admin"
            })
    void operationsAreNotServedInAnySpelling(String path) {
        assertThat(action(path)).isEqualTo("fixed-response");
    }

    @Test
    void aRuleHasAtMostFiveWildcards() {
        assertThat(PublicPaths.rules(List.of("/a*", "*b*", "/c", "*d*", "/e*")))
                .containsExactly(List.of("/a*", "*b*", "/c", "*d*"), List.of("/e*"));
    }

    /** The web application firewall comes before the load balancer's rules. */
    private static boolean blocks(Step firewall, String path) {
        for (JsonElement rule : firewall.inputs().getAsJsonArray("rules")) {
            JsonObject statement = rule.getAsJsonObject().getAsJsonObject("statement");
            if (statement.has("byteMatchStatement")) {
                JsonObject match = statement.getAsJsonObject("byteMatchStatement");
                assertThat(match.getAsJsonObject("fieldToMatch").has("uriPath")).isTrue();
                assertThat(match.get("positionalConstraint").getAsString()).isEqualTo("CONTAINS");
                assertThat(match.get("textTransformations").toString()).contains("LOWERCASE");
                return path.toLowerCase(Locale.ROOT)
                        .contains(match.get("searchString").getAsString());
            }
        }
        return false;
    }

    private String action(String path) {
        if (blocks(Stacks.step("prod", "WebAcl", "web"), path)) {
            return "fixed-response";
        }
        for (Step rule : rules) {
            JsonElement patterns = rule.inputs()
                    .getAsJsonArray("conditions")
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonObject("pathPattern")
                    .get("values");
            assertThat(patterns.getAsJsonArray().size()).isLessThanOrEqualTo(5);
            for (JsonElement pattern : patterns.getAsJsonArray()) {
                if (path.matches(regex(pattern.getAsString()))) {
                    return rule.inputs()
                            .getAsJsonArray("actions")
                            .get(0)
                            .getAsJsonObject()
                            .get("type")
                            .getAsString();
                }
            }
        }
        return "fixed-response";
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("(?<=\\*)|(?=\\*)")) {
            regex.append(part.equals("*") ? ".*" : Pattern.quote(part));
        }
        return regex.toString();
    }
}
