package com.deloton.infra.mail;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.settings.Settings;
import com.pulumi.aws.sesv2.ConfigurationSet;
import com.pulumi.aws.sesv2.ConfigurationSetArgs;
import com.pulumi.aws.sesv2.EmailIdentity;
import com.pulumi.aws.sesv2.EmailIdentityArgs;
import com.pulumi.aws.sesv2.EmailIdentityMailFromAttributes;
import com.pulumi.aws.sesv2.EmailIdentityMailFromAttributesArgs;
import com.pulumi.aws.sesv2.inputs.ConfigurationSetDeliveryOptionsArgs;
import com.pulumi.aws.sesv2.inputs.ConfigurationSetReputationOptionsArgs;
import com.pulumi.aws.sesv2.inputs.ConfigurationSetSuppressionOptionsArgs;
import com.pulumi.aws.sesv2.inputs.EmailIdentityDkimSigningAttributesArgs;
import com.pulumi.core.Output;

/** A verified mail domain with DKIM, a suppression list, and a report of bounces and complaints. */
public final class Mail extends Component {
    public final String host;
    public final Output<String> loginArn;
    public final Bounces bounces;

    public Mail(StackContext context, Settings settings) {
        super("Mail", "mail", context);
        Settings.Mail mail = settings.mail();
        ConfigurationSet set = new ConfigurationSet(
                context.name("mail"),
                ConfigurationSetArgs.builder()
                        .configurationSetName(context.name("mail"))
                        .deliveryOptions(ConfigurationSetDeliveryOptionsArgs.builder()
                                .tlsPolicy("REQUIRE")
                                .build())
                        .reputationOptions(ConfigurationSetReputationOptionsArgs.builder()
                                .reputationMetricsEnabled(true)
                                .build())
                        .suppressionOptions(ConfigurationSetSuppressionOptionsArgs.builder()
                                .suppressedReasons("BOUNCE", "COMPLAINT")
                                .build())
                        .build(),
                own());
        EmailIdentity identity = new EmailIdentity(
                context.name("mail"),
                EmailIdentityArgs.builder()
                        .emailIdentity(mail.domain())
                        .configurationSetName(set.configurationSetName())
                        .dkimSigningAttributes(EmailIdentityDkimSigningAttributesArgs.builder()
                                .nextSigningKeyLength("RSA_2048_BIT")
                                .build())
                        .build(),
                own());
        EmailIdentityMailFromAttributes from = new EmailIdentityMailFromAttributes(
                context.name("mail"),
                EmailIdentityMailFromAttributesArgs.builder()
                        .emailIdentity(identity.emailIdentity())
                        .mailFromDomain("bounce." + mail.domain())
                        .behaviorOnMxFailure("REJECT_MESSAGE")
                        .build(),
                own());
        MailRecords.create(this, settings, identity, from);
        this.bounces = new Bounces(this, set);
        this.host = "email-smtp." + context.region() + ".amazonaws.com";
        this.loginArn = SmtpLogin.create(this, mail.from(), identity, set);
        done();
    }
}
