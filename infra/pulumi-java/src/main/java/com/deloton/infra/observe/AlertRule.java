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
 * @param absence whether the rule fires because there is no data
 * @param period what one value of the statistic spans
 */
public record AlertRule(
        String name,
        String metric,
        String statistic,
        boolean above,
        double threshold,
        boolean absence,
        Duration period,
        Duration hold,
        String severity,
        String summary) {
    private static final Pattern DURATION = Pattern.compile("(\\d+)m");
    private static final Pattern ABSENT = Pattern.compile("absent\\((\\w+)\\)");
    private static final Pattern INCREASE =
            Pattern.compile("sum\\(increase\\((\\w+)\\[(\\d+m)]\\)\\)\\s*>\\s*([\\d.]+)");
    private static final Pattern LEVEL = Pattern.compile("(sum|max|min)\\((\\w+)\\)\\s*([<>])\\s*([\\d.]+)");
    private static final Map<String, String> STATISTICS = Map.of("sum", "Sum", "max", "Maximum", "min", "Minimum");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The rules that the program was built with. */
    public static List<AlertRule> load() {
        return parse(Resources.text("/ops/alerts.yml"));
    }

    static List<AlertRule> parse(String yaml) {
        Map<?, ?> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return maps(file.get("groups")).stream()
                .flatMap(group -> maps(group.get("rules")).stream())
                .map(AlertRule::rule)
                .toList();
    }

    private static AlertRule rule(Map<?, ?> rule) {
        String name = text(rule, "alert");
        String expression = text(rule, "expr");
        Duration hold = duration(name, text(rule, "for"));
        String severity = text((Map<?, ?>) rule.get("labels"), "severity");
        String summary = text((Map<?, ?>) rule.get("annotations"), "summary");
        Matcher level = LEVEL.matcher(expression);
        if (level.matches()) {
            return new AlertRule(
                    name,
                    level.group(2),
                    STATISTICS.getOrDefault(level.group(1), "Sum"),
                    level.group(3).equals(">"),
                    Double.parseDouble(level.group(4)),
                    false,
                    MINUTE,
                    hold,
                    severity,
                    summary);
        }
        Matcher increase = INCREASE.matcher(expression);
        if (increase.matches()) {
            Duration window = duration(name, increase.group(2));
            double threshold = Double.parseDouble(increase.group(3));
            return new AlertRule(
                    name, increase.group(1), "Sum", true, threshold, false, window, hold, severity, summary);
        }
        Matcher absent = ABSENT.matcher(expression);
        if (absent.matches()) {
            return new AlertRule(name, absent.group(1), "SampleCount", false, 1, true, MINUTE, hold, severity, summary);
        }
        throw new IllegalArgumentException("Rule " + name + ": CloudWatch has no alarm for '" + expression + "'");
    }

    /** How many periods in a row must breach. */
    int periods() {
        return (int) Math.max(1, hold.dividedBy(period));
    }

    private static Duration duration(String rule, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Rule " + rule + ": '" + text + "' is not a number of minutes, such as 5m");
        }
        return Duration.ofMinutes(Long.parseLong(matcher.group(1)));
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
