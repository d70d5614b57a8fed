package com.deloton.infra.edge;

import com.deloton.infra.base.Logs;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.wafv2.WebAcl;
import com.pulumi.aws.wafv2.WebAclLoggingConfiguration;
import com.pulumi.aws.wafv2.WebAclLoggingConfigurationArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationLoggingFilterArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationLoggingFilterFilterArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationLoggingFilterFilterConditionArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationRedactedFieldArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationRedactedFieldQueryStringArgs;
import com.pulumi.aws.wafv2.inputs.WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs;
import java.util.List;
import java.util.stream.Stream;

/** The log of requests that a rule counted or blocked, without tokens and cookies. */
final class FirewallLog {
    private FirewallLog() {}

    static void create(Edge owner, WebAcl acl) {
        // The prefix of the name is AWS's condition for a log of this kind.
        LogGroup group =
                Logs.group(owner, "firewall", "aws-waf-logs-" + owner.context().name("web"));
        new WebAclLoggingConfiguration(
                owner.context().name("web"),
                WebAclLoggingConfigurationArgs.builder()
                        .resourceArn(acl.arn())
                        .logDestinationConfigs(group.arn().applyValue(List::of))
                        .redactedFields(
                                header("authorization"),
                                header("cookie"),
                                WebAclLoggingConfigurationRedactedFieldArgs.builder()
                                        .queryString(WebAclLoggingConfigurationRedactedFieldQueryStringArgs.builder()
                                                .build())
                                        .build())
                        .loggingFilter(WebAclLoggingConfigurationLoggingFilterArgs.builder()
                                .defaultBehavior("DROP")
                                .filters(WebAclLoggingConfigurationLoggingFilterFilterArgs.builder()
                                        .behavior("KEEP")
                                        .requirement("MEETS_ANY")
                                        .conditions(Stream.of("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                                                .map(FirewallLog::action)
                                                .toList())
                                        .build())
                                .build())
                        .build(),
                owner.own());
    }

    private static WebAclLoggingConfigurationRedactedFieldArgs header(String name) {
        return WebAclLoggingConfigurationRedactedFieldArgs.builder()
                .singleHeader(WebAclLoggingConfigurationRedactedFieldSingleHeaderArgs.builder()
                        .name(name)
                        .build())
                .build();
    }

    private static WebAclLoggingConfigurationLoggingFilterFilterConditionArgs action(String action) {
        return WebAclLoggingConfigurationLoggingFilterFilterConditionArgs.builder()
                .actionCondition(WebAclLoggingConfigurationLoggingFilterFilterConditionActionConditionArgs.builder()
                        .action(action)
                        .build())
                .build();
    }
}
