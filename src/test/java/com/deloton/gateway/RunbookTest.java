package com.deloton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Compares {@code ops/alerts.yml} and the metrics that the documentation names with each other and with the code. */
class RunbookTest {
    private static final Path RULES = Path.of("ops/alerts.yml");
    private static final Path RUNBOOK = Path.of("docs/operations.md");
    private static final Pattern METER = Pattern.compile("\"(deloton(?:\\.[a-z0-9]+)+)\"");
    private static final Pattern METRIC = Pattern.compile("\\bdeloton_[a-z0-9_]+\\b");
    private static final Pattern COLUMN = Pattern.compile("deloton_(analyst|archive|gateway|owner|watchdog)");
    private static final String SUFFIX = "(_total|(_seconds|_bytes)?(_max|_count|_sum|_bucket)?)";

    @Test
    void everyAlertHasItsRunbookEntry() throws IOException {
        String runbook = Files.readString(RUNBOOK);

        assertThat(rules()).hasSizeGreaterThan(10).allSatisfy(rule -> {
            String name = rule.getString("alert");
            assertThat(rule.getJsonObject("annotations").getString("runbook"))
                    .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(runbook).contains("\n### " + name + "\n");
            assertThat(METRIC.matcher(rule.getString("expr")).results())
                    .allSatisfy(metric -> assertThat(entry(runbook, name)).contains(metric.group()));
        });
    }

    @Test
    void everyMetricInRulesAndDocumentationExists() throws IOException {
        Set<String> meters = meters();
        Set<String> unknown = new TreeSet<>();
        for (Path page : pages()) {
            METRIC.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group())
                    .filter(name -> !COLUMN.matcher(name).matches())
                    .filter(name -> meters.stream().noneMatch(meter -> name.matches(meter + SUFFIX)))
                    .forEach(name -> unknown.add(page + ": " + name));
        }

        assertThat(meters).hasSizeGreaterThan(20);
        assertThat(unknown).isEmpty();
    }

    @Test
    void dashboardsHaveValidPanels() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("ops/grafana/dashboards"))) {
            assertThat(files.toList()).hasSize(6).allSatisfy(file -> {
                JsonObject dashboard = new JsonObject(Files.readString(file));
                List<JsonObject> panels = dashboard.getJsonArray("panels").stream()
                        .map(JsonObject.class::cast)
                        .toList();

                assertThat(dashboard.getString("uid"))
                        .isEqualTo("deloton-" + file.getFileName().toString().replace(".json", ""));
                assertThat(panels.stream().map(panel -> panel.getInteger("id"))).doesNotHaveDuplicates();
                assertThat(panels.stream().map(panel -> panel.getString("title")))
                        .doesNotHaveDuplicates();
                assertThat(panels).allSatisfy(panel -> {
                    JsonObject place = panel.getJsonObject("gridPos");
                    assertThat(place.getInteger("x") + place.getInteger("w")).isLessThanOrEqualTo(24);
                    assertThat(panel.getString("description")).endsWith(".");
                    assertThat(panel.getJsonArray("targets"))
                            .isNotEmpty()
                            .allSatisfy(target -> assertThat(((JsonObject) target).getString("expr"))
                                    .contains("instance=~\"$instance\""));
                });
            });
        }
    }

    private static String entry(String runbook, String name) {
        int from = runbook.indexOf("\n### " + name + "\n");
        return runbook.substring(from, runbook.indexOf("\n### ", from + 1));
    }

    private static List<JsonObject> rules() throws IOException {
        Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(RULES));
        List<JsonObject> rules = new ArrayList<>();
        for (Object group : new JsonObject(file).getJsonArray("groups")) {
            JsonArray ofGroup = ((JsonObject) group).getJsonArray("rules");
            ofGroup.forEach(rule -> rules.add((JsonObject) rule));
        }
        return rules;
    }

    /** The names of all meters, as Prometheus writes them, without suffix. */
    private static Set<String> meters() throws IOException {
        Set<String> meters = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                METER.matcher(Files.readString(source))
                        .results()
                        .forEach(found -> meters.add(found.group(1).replace('.', '_')));
            }
        }
        return meters;
    }

    private static Set<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(RULES),
                            docs.filter(page -> page.toString().endsWith(".md")))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
