package com.deloton.infra.edge;

import com.deloton.infra.settings.Settings;
import com.pulumi.aws.acm.Certificate;
import com.pulumi.aws.acm.CertificateArgs;
import com.pulumi.aws.acm.CertificateValidation;
import com.pulumi.aws.acm.CertificateValidationArgs;
import com.pulumi.aws.acm.outputs.CertificateDomainValidationOption;
import com.pulumi.aws.lb.Listener;
import com.pulumi.aws.lb.ListenerArgs;
import com.pulumi.aws.lb.ListenerRule;
import com.pulumi.aws.lb.ListenerRuleArgs;
import com.pulumi.aws.lb.LoadBalancer;
import com.pulumi.aws.lb.TargetGroup;
import com.pulumi.aws.lb.inputs.ListenerDefaultActionArgs;
import com.pulumi.aws.lb.inputs.ListenerDefaultActionFixedResponseArgs;
import com.pulumi.aws.lb.inputs.ListenerDefaultActionRedirectArgs;
import com.pulumi.aws.lb.inputs.ListenerRuleActionArgs;
import com.pulumi.aws.lb.inputs.ListenerRuleActionFixedResponseArgs;
import com.pulumi.aws.lb.inputs.ListenerRuleConditionArgs;
import com.pulumi.aws.lb.inputs.ListenerRuleConditionPathPatternArgs;
import com.pulumi.aws.route53.Record;
import com.pulumi.aws.route53.RecordArgs;
import com.pulumi.aws.route53.enums.RecordType;
import com.pulumi.core.Either;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Plain HTTP is sent to HTTPS; HTTPS serves the public paths. */
final class Listeners {
    private static final String TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

    private Listeners() {}

    static Listener create(Edge owner, Settings settings, LoadBalancer balancer, TargetGroup targets) {
        new Listener(
                owner.context().name("http"),
                ListenerArgs.builder()
                        .loadBalancerArn(balancer.arn())
                        .protocol("HTTP")
                        .port(80)
                        .defaultActions(ListenerDefaultActionArgs.builder()
                                .type("redirect")
                                .redirect(ListenerDefaultActionRedirectArgs.builder()
                                        .protocol("HTTPS")
                                        .port("443")
                                        .statusCode("HTTP_301")
                                        .build())
                                .build())
                        .build(),
                owner.own());
        Listener https = new Listener(
                owner.context().name("https"),
                ListenerArgs.builder()
                        .loadBalancerArn(balancer.arn())
                        .protocol("HTTPS")
                        .port(443)
                        .sslPolicy(TLS_POLICY)
                        .certificateArn(certificate(owner, settings.deployment()))
                        .defaultActions(ListenerDefaultActionArgs.builder()
                                .type("fixed-response")
                                .fixedResponse(ListenerDefaultActionFixedResponseArgs.builder()
                                        .contentType("text/plain")
                                        .statusCode("404")
                                        .build())
                                .build())
                        .build(),
                owner.own());
        rule(owner, https, 10, PublicPaths.REJECTED, reject());
        int priority = 100;
        for (List<String> paths : PublicPaths.servedRules()) {
            rule(owner, https, priority, paths, forward(targets));
            priority += 10;
        }
        return https;
    }

    private static void rule(
            Edge owner, Listener listener, int priority, List<String> paths, ListenerRuleActionArgs action) {
        new ListenerRule(
                owner.context().name("paths-" + priority),
                ListenerRuleArgs.builder()
                        .listenerArn(listener.arn())
                        .priority(priority)
                        .conditions(ListenerRuleConditionArgs.builder()
                                .pathPattern(ListenerRuleConditionPathPatternArgs.builder()
                                        .values(paths)
                                        .build())
                                .build())
                        .actions(action)
                        .build(),
                owner.own());
    }

    private static ListenerRuleActionArgs reject() {
        return ListenerRuleActionArgs.builder()
                .type("fixed-response")
                .fixedResponse(ListenerRuleActionFixedResponseArgs.builder()
                        .contentType("text/plain")
                        .statusCode("404")
                        .build())
                .build();
    }

    private static ListenerRuleActionArgs forward(TargetGroup targets) {
        return ListenerRuleActionArgs.builder()
                .type("forward")
                .targetGroupArn(targets.arn())
                .build();
    }

    private static Output<String> certificate(Edge owner, Settings.Deployment settings) {
        Certificate certificate = new Certificate(
                owner.context().name("web"),
                CertificateArgs.builder()
                        .domainName(settings.domainName())
                        .validationMethod("DNS")
                        .build(),
                owner.own());
        Function<Function<CertificateDomainValidationOption, Optional<String>>, Output<String>> option =
                field -> certificate
                        .domainValidationOptions()
                        .applyValue(options -> options.isEmpty()
                                ? ""
                                : field.apply(options.getFirst()).orElse(""));
        Record record = new Record(
                owner.context().name("certificate"),
                RecordArgs.builder()
                        .zoneId(settings.hostedZoneId())
                        .name(option.apply(CertificateDomainValidationOption::resourceRecordName))
                        .type(option.apply(CertificateDomainValidationOption::resourceRecordType)
                                .applyValue(Either::<String, RecordType>ofLeft))
                        .records(option.apply(CertificateDomainValidationOption::resourceRecordValue)
                                .applyValue(List::of))
                        .ttl(300)
                        .allowOverwrite(true)
                        .build(),
                owner.own());
        return new CertificateValidation(
                        owner.context().name("web"),
                        CertificateValidationArgs.builder()
                                .certificateArn(certificate.arn())
                                .validationRecordFqdns(record.fqdn().applyValue(List::of))
                                .build(),
                        owner.own())
                .certificateArn();
    }
}
