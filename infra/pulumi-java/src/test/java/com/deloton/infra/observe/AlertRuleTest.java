package com.deloton.infra.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.infra.base.Resources;
import com.deloton.infra.engine.Stacks;
import com.deloton.infra.engine.Step;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertRuleTest {
    private static final String RULE = """
            groups:
              - name: deloton-gateway
                rules:
                  - alert: Late
                    expr: %s
                    for: 5m
                    labels: {severity: critical}
                    annotations: {summary: Late}
            """;

    @Test
    void aLevelBecomesAThreshold() {
        AlertRule rule = AlertRule.parse(RULE.formatted("max(deloton_x) > 2.5")).getFirst();
        assertThat(rule.metric()).isEqualTo("deloton_x");
        assertThat(rule.statistic()).isEqualTo("Maximum");
        assertThat(rule.threshold()).isEqualTo(2.5);
        assertThat(rule.periods()).isEqualTo(5);
        assertThat(rule.services()).containsExactly("ingest", "web");
    }

    @Test
    void aLabelBecomesADimensionThatTheCollectorSends() {
        AlertRule failed = AlertRule.load().stream()
                .filter(rule -> rule.name().equals("DailyReportFailed"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.labels()).containsExactly(Map.entry("result", "failed"));
        assertThat(Stacks.step("prod", "MetricAlarm", "DailyReportFailed").text("dimensions"))
                .isEqualTo("{\"result\":\"failed\",\"service\":\"ingest\"}");
        String collector = Resources.text("/collector.yaml");
        assertThat(AlertRule.load())
                .filteredOn(rule -> !rule.labels().isEmpty())
                .allSatisfy(rule -> assertThat(collector)
                        .contains("[[service, %s]]\n        metric_name_selectors: [\"%s\"]"
                                .formatted(rule.labels().keySet().iterator().next(), rule.metric())));
    }

    @Test
    void rulesOfOtherGroupsAreNotForCloudWatch() {
        assertThat(AlertRule.parse(RULE.formatted("max(deloton_x) > 1").replace("deloton-gateway", "other")))
                .isEmpty();
    }

    @Test
    void anIncreaseBecomesASumOverItsWindow() {
        AlertRule rule = AlertRule.parse(RULE.formatted("sum(increase(deloton_x[15m])) > 100"))
                .getFirst();
        assertThat(rule.statistic()).isEqualTo("Sum");
        assertThat(rule.period()).isEqualTo(Duration.ofMinutes(15));
        assertThat(rule.periods()).isEqualTo(1);
    }

    @Test
    void anUntranslatableRuleIsNamed() {
        assertThatThrownBy(() -> AlertRule.parse(RULE.formatted("deloton_x offset 1w > 1")))
                .hasMessageContaining("Late")
                .hasMessageContaining("offset");
    }

    @ParameterizedTest
    @MethodSource("com.deloton.infra.engine.Stacks#names")
    void everyRuleIsAnAlarmWithTheSameThreshold(String stack) {
        assertThat(AlertRule.load()).hasSizeGreaterThanOrEqualTo(5).allSatisfy(rule -> {
            for (String service : rule.services()) {
                Step alarm = Stacks.step(stack, "MetricAlarm", rule.alarm(service));
                assertThat(alarm.text("metricName")).isEqualTo(rule.metric());
                assertThat(alarm.text("dimensions")).contains("\"service\":\"" + service + "\"");
                assertThat(alarm.inputs().get("threshold").getAsDouble()).isEqualTo(rule.threshold());
                assertThat(alarm.text("treatMissingData")).isEqualTo(rule.absence() ? "breaching" : "notBreaching");
                assertThat(alarm.text("namespace")).isEqualTo("Deloton/" + stack);
            }
        });
        assertThat(Stacks.steps(stack, "MetricAlarm"))
                .allSatisfy(alarm -> assertThat(alarm.text("alarmActions")).contains("arn:aws:sns:"));
    }
}
