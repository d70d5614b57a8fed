package com.deloton.infra.observe;

import com.deloton.infra.service.Collector;
import com.pulumi.aws.cloudwatch.MetricAlarm;
import com.pulumi.aws.cloudwatch.MetricAlarmArgs;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** CloudWatch alarms, all with the same topic as action. */
final class Alarms {
    private static final String CALM = "notBreaching";

    private final Observability owner;
    private final Output<List<String>> actions;

    Alarms(Observability owner, Output<String> topicArn) {
        this.owner = owner;
        this.actions = topicArn.applyValue(List::of);
    }

    void rules(List<AlertRule> rules) {
        for (AlertRule rule : rules) {
            for (String service : rule.services()) {
                Map<String, Output<String>> dimensions = new TreeMap<>();
                rule.labels().forEach((name, value) -> dimensions.put(name, Output.of(value)));
                dimensions.put("service", Output.of(service));
                create(
                        rule.alarm(service),
                        "[" + rule.severity() + "] " + rule.summary(),
                        new Metric(
                                Collector.namespace(owner.context()),
                                rule.metric(),
                                rule.statistic(),
                                (int) rule.period().toSeconds(),
                                dimensions),
                        rule.above(),
                        rule.threshold(),
                        rule.periods(),
                        rule.absence() ? "breaching" : CALM);
            }
        }
    }

    void above(String name, String description, Metric metric, double threshold, int periods) {
        create(name, description, metric, true, threshold, periods, CALM);
    }

    void below(String name, String description, Metric metric, double threshold, int periods) {
        create(name, description, metric, false, threshold, periods, "breaching");
    }

    record Metric(
            String namespace,
            String name,
            String statistic,
            int periodSeconds,
            Map<String, Output<String>> dimensions) {}

    private void create(
            String name,
            String description,
            Metric metric,
            boolean above,
            double threshold,
            int periods,
            String missing) {
        Map<String, Output<String>> dimensions = metric.dimensions();
        List<String> names = dimensions.keySet().stream().sorted().toList();
        Output<Map<String, String>> known = Output.all(
                        names.stream().map(dimensions::get).toList())
                .applyValue(values -> {
                    Map<String, String> map = new TreeMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        map.put(names.get(i), values.get(i));
                    }
                    return map;
                });
        new MetricAlarm(
                owner.context().name(name),
                MetricAlarmArgs.builder()
                        .name(owner.context().name(name))
                        .alarmDescription(description)
                        .namespace(metric.namespace())
                        .metricName(metric.name())
                        .statistic(metric.statistic())
                        .period(metric.periodSeconds())
                        .dimensions(known)
                        .comparisonOperator(above ? "GreaterThanThreshold" : "LessThanThreshold")
                        .threshold(threshold)
                        .evaluationPeriods(periods)
                        .datapointsToAlarm(periods)
                        .treatMissingData(missing)
                        .alarmActions(actions)
                        .okActions(actions)
                        .build(),
                owner.own());
    }
}
