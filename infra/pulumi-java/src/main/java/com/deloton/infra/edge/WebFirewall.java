package com.deloton.infra.edge;

import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.FirewallMode;
import com.pulumi.aws.lb.LoadBalancer;
import com.pulumi.aws.wafv2.WebAcl;
import com.pulumi.aws.wafv2.WebAclArgs;
import com.pulumi.aws.wafv2.WebAclAssociation;
import com.pulumi.aws.wafv2.WebAclAssociationArgs;
import com.pulumi.aws.wafv2.inputs.WebAclDefaultActionAllowArgs;
import com.pulumi.aws.wafv2.inputs.WebAclDefaultActionArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleActionArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleActionBlockArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleActionBlockCustomResponseArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleActionCountArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleOverrideActionArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleOverrideActionCountArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleOverrideActionNoneArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementByteMatchStatementArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementByteMatchStatementFieldToMatchArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementByteMatchStatementFieldToMatchUriPathArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementByteMatchStatementTextTransformationArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementManagedRuleGroupStatementArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleStatementRateBasedStatementArgs;
import com.pulumi.aws.wafv2.inputs.WebAclRuleVisibilityConfigArgs;
import com.pulumi.aws.wafv2.inputs.WebAclVisibilityConfigArgs;

/**
 * A rule against encoded dots in paths, a rate limit per address, and AWS's rules against known attacks. The first
 * always blocks; the others only count until the setting {@code firewall} is {@code block}.
 */
final class WebFirewall {
    private WebFirewall() {}

    static void create(Edge owner, Settings.Service settings, LoadBalancer balancer) {
        boolean blocks = settings.firewall() == FirewallMode.BLOCK;
        WebAcl acl = new WebAcl(
                owner.context().name("web"),
                WebAclArgs.builder()
                        .scope("REGIONAL")
                        .defaultAction(WebAclDefaultActionArgs.builder()
                                .allow(WebAclDefaultActionAllowArgs.builder().build())
                                .build())
                        .rules(
                                encodedDots(),
                                rate(settings.requestsPerFiveMinutes(), blocks),
                                managed(2, "AWSManagedRulesAmazonIpReputationList", blocks),
                                managed(3, "AWSManagedRulesKnownBadInputsRuleSet", blocks),
                                managed(4, "AWSManagedRulesCommonRuleSet", blocks))
                        .visibilityConfig(WebAclVisibilityConfigArgs.builder()
                                .metricName("web")
                                .cloudwatchMetricsEnabled(true)
                                .sampledRequestsEnabled(true)
                                .build())
                        .build(),
                owner.own());
        new WebAclAssociation(
                owner.context().name("web"),
                WebAclAssociationArgs.builder()
                        .resourceArn(balancer.arn())
                        .webAclArn(acl.arn())
                        .build(),
                owner.own());
        FirewallLog.create(owner, acl);
    }

    /** Answers {@code /v1/%2e%2e/metrics} with 404, as the load balancer answers {@code /v1/../metrics}. */
    private static WebAclRuleArgs encodedDots() {
        return WebAclRuleArgs.builder()
                .name("encoded-dots")
                .priority(0)
                .action(WebAclRuleActionArgs.builder()
                        .block(WebAclRuleActionBlockArgs.builder()
                                .customResponse(WebAclRuleActionBlockCustomResponseArgs.builder()
                                        .responseCode(404)
                                        .build())
                                .build())
                        .build())
                .statement(WebAclRuleStatementArgs.builder()
                        .byteMatchStatement(WebAclRuleStatementByteMatchStatementArgs.builder()
                                .fieldToMatch(WebAclRuleStatementByteMatchStatementFieldToMatchArgs.builder()
                                        .uriPath(WebAclRuleStatementByteMatchStatementFieldToMatchUriPathArgs.builder()
                                                .build())
                                        .build())
                                .positionalConstraint("CONTAINS")
                                .searchString("%2e")
                                .textTransformations(
                                        WebAclRuleStatementByteMatchStatementTextTransformationArgs.builder()
                                                .priority(0)
                                                .type("LOWERCASE")
                                                .build())
                                .build())
                        .build())
                .visibilityConfig(visible("encoded-dots"))
                .build();
    }

    private static WebAclRuleArgs rate(int limit, boolean blocks) {
        return WebAclRuleArgs.builder()
                .name("rate")
                .priority(1)
                .action(
                        blocks
                                ? WebAclRuleActionArgs.builder()
                                        .block(WebAclRuleActionBlockArgs.builder()
                                                .build())
                                        .build()
                                : WebAclRuleActionArgs.builder()
                                        .count(WebAclRuleActionCountArgs.builder()
                                                .build())
                                        .build())
                .statement(WebAclRuleStatementArgs.builder()
                        .rateBasedStatement(WebAclRuleStatementRateBasedStatementArgs.builder()
                                .limit(limit)
                                .aggregateKeyType("IP")
                                .build())
                        .build())
                .visibilityConfig(visible("rate"))
                .build();
    }

    private static WebAclRuleArgs managed(int priority, String group, boolean blocks) {
        return WebAclRuleArgs.builder()
                .name(group)
                .priority(priority)
                .overrideAction(
                        blocks
                                ? WebAclRuleOverrideActionArgs.builder()
                                        .none(WebAclRuleOverrideActionNoneArgs.builder()
                                                .build())
                                        .build()
                                : WebAclRuleOverrideActionArgs.builder()
                                        .count(WebAclRuleOverrideActionCountArgs.builder()
                                                .build())
                                        .build())
                .statement(WebAclRuleStatementArgs.builder()
                        .managedRuleGroupStatement(WebAclRuleStatementManagedRuleGroupStatementArgs.builder()
                                .vendorName("AWS")
                                .name(group)
                                .build())
                        .build())
                .visibilityConfig(visible(group))
                .build();
    }

    private static WebAclRuleVisibilityConfigArgs visible(String name) {
        return WebAclRuleVisibilityConfigArgs.builder()
                .metricName(name)
                .cloudwatchMetricsEnabled(true)
                .sampledRequestsEnabled(true)
                .build();
    }
}
