package com.deloton.infra.mail;

import com.deloton.infra.settings.Settings;
import com.pulumi.aws.route53.Record;
import com.pulumi.aws.route53.RecordArgs;
import com.pulumi.aws.sesv2.EmailIdentity;
import com.pulumi.aws.sesv2.EmailIdentityMailFromAttributes;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;

/** The domain's DKIM, SPF, DMARC and bounce records. */
final class MailRecords {
    private static final int DKIM_TOKENS = 3;

    private MailRecords() {}

    static void create(Mail owner, Settings settings, EmailIdentity identity, EmailIdentityMailFromAttributes from) {
        String domain = settings.mail().domain();
        String zone = settings.deployment().hostedZoneId();
        Output<List<String>> tokens = identity.dkimSigningAttributes()
                .applyValue(attributes -> attributes.tokens() == null ? List.of() : attributes.tokens());
        for (int i = 0; i < DKIM_TOKENS; i++) {
            int index = i;
            Output<String> token =
                    tokens.applyValue(known -> index < known.size() ? known.get(index) : "pending-" + index);
            record(
                    owner,
                    zone,
                    "dkim-" + i,
                    token.applyValue(name -> name + "._domainkey." + domain),
                    "CNAME",
                    token.applyValue(name -> name + ".dkim.amazonses.com"));
        }
        Output<String> bounceDomain = from.mailFromDomain().applyValue(MailRecords::known);
        String feedback = "10 feedback-smtp." + owner.context().region() + ".amazonses.com";
        record(owner, zone, "bounce-mx", bounceDomain, "MX", Output.of(feedback));
        record(owner, zone, "bounce-spf", bounceDomain, "TXT", Output.of("v=spf1 include:amazonses.com -all"));
        record(
                owner,
                zone,
                "dmarc",
                Output.of("_dmarc." + domain),
                "TXT",
                Output.of("v=DMARC1; p=quarantine; adkim=s; aspf=r"));
    }

    private static String known(Optional<String> domain) {
        return domain.orElse("");
    }

    private static void record(
            Mail owner, String zone, String part, Output<String> name, String type, Output<String> value) {
        new Record(
                owner.context().name(part),
                RecordArgs.builder()
                        .zoneId(zone)
                        .name(name)
                        .type(type)
                        .ttl(600)
                        .records(value.applyValue(List::of))
                        .build(),
                owner.own());
    }
}
