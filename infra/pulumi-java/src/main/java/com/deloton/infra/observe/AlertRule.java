package com.deloton.infra.observe;

import com.deloton.infra.base.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A rule of {@code ops/alerts.yml} in CloudWatch's terms.
 *
 * @param labels of the metric, beside the service
 * @param services whose tasks have the metric
 * @param absence whether the rule fires because there is no data
 * @param period what one value of the statistic spans
 */
public record AlertRule(
        String name,
        String metric,
        Map<String, String> labels,
        List<String> services,
        String statistic,
        boolean above,
        double threshold,
        boolean absence,
        Duration period,
        Duration hold,
        String severity,
        String summary) {
    private static final Pattern DURATION = Pattern.compile("(\\d+)([mh])");
    private static final String METRIC = "(?<metric>\\w+)(\\{(?<label>\\w+)=\"(?<value>[^\"]*)\"})?";
    private static final Pattern ABSENT = Pattern.compile("absent\\(" + METRIC + "\\)");
    private static final Pattern INCREASE = Pattern.compile(
            "sum\\(increase\\(" + METRIC + "\\[(?<window>\\d+[mh])]\\)\\)\\s*>\\s*(?<threshold>[\\d.]+)");
    private static final Pattern LEVEL =
            Pattern.compile("(?<statistic>sum|max|min)\\(" + METRIC + "\\)\\s*(?<sign>[<>])\\s*(?<threshold>[\\d.]+)");
    private static final Map<String, String> STATISTICS = Map.of("sum", "Sum", "max", "Maximum", "min", "Minimum");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String GROUP = "deloton-gateway";
    private static final List<String> EVERY_SERVICE = List.of("ingest", "web");

    /** The rules in the program's jar. */
    public static List<AlertRule> load() {
        return parse(Resources.text("/ops/alerts.yml"));
    }

    static List<AlertRule> parse(String yaml) {
        Map<?, ?> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return maps(file.get("groups")).stream()
                .filter(group -> text(group, "name").equals(GROUP))
                .flatMap(group -> maps(group.get("rules")).stream())
                .map(AlertRule::rule)
                .toList();
    }

    private static AlertRule rule(Map<?, ?> rule) {
        String name = text(rule, "alert");
        String expression = text(rule, "expr");
        Duration hold = duration(name, text(rule, "for"));
        Map<?, ?> labels = (Map<?, ?>) rule.get("labels");
        String severity = text(labels, "severity");
        List<String> services = labels.get("service") == null ? EVERY_SERVICE : List.of(text(labels, "service"));
        String summary = text((Map<?, ?>) rule.get("annotations"), "summary");
        Matcher level = LEVEL.matcher(expression);
        if (level.matches()) {
            return new AlertRule(
                    name,
                    level.group("metric"),
                    labels(level),
                    services,
                    STATISTICS.getOrDefault(level.group("statistic"), "Sum"),
                    level.group("sign").equals(">"),
                    Double.parseDouble(level.group("threshold")),
                    false,
                    MINUTE,
                    hold,
                    severity,
                    summary);
        }
        Matcher increase = INCREASE.matcher(expression);
        if (increase.matches()) {
            return new AlertRule(
                    name,
                    increase.group("metric"),
                    labels(increase),
                    services,
                    "Sum",
                    true,
                    Double.parseDouble(increase.group("threshold")),
                    false,
                    duration(name, increase.group("window")),
                    hold,
                    severity,
                    summary);
        }
        Matcher absent = ABSENT.matcher(expression);
        if (absent.matches()) {
            return new AlertRule(
                    name,
                    absent.group("metric"),
                    labels(absent),
                    services,
                    "SampleCount",
                    false,
                    1,
                    true,
                    MINUTE,
                    hold,
                    severity,
                    summary);
        }
        throw new IllegalArgumentException("Rule " + name + ": CloudWatch has no alarm for '" + expression + "'");
    }

    private static Map<String, String> labels(Matcher metric) {
        return metric.group("label") == null ? Map.of() : Map.of(metric.group("label"), metric.group("value"));
    }

    /** The alarm's name for one of the {@link #services}. */
    String alarm(String service) {
        return services.size() == 1 ? name : name + "-" + service;
    }

    /** How many periods in a row must breach. */
    int periods() {
        return (int) Math.max(1, hold.dividedBy(period));
    }

    private static Duration duration(String rule, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Rule " + rule + ": '" + text + "' is not a number of minutes or hours, such as 5m");
        }
        long count = Long.parseLong(matcher.group(1));
        return matcher.group(2).equals("h") ? Duration.ofHours(count) : Duration.ofMinutes(count);
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("An alert rule has no " + key + ": " + map);
        }
        return value.toString().strip();
    }

    private static List<Map<?, ?>> maps(Object list) {
        return ((List<?>) list)
                .stream().<Map<?, ?>>map(entry -> (Map<?, ?>) entry).toList();
    }
}
