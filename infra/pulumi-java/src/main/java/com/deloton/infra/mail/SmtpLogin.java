package com.deloton.infra.mail;

import com.deloton.infra.base.StackContext;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.google.gson.JsonObject;
import com.pulumi.aws.iam.AccessKey;
import com.pulumi.aws.iam.AccessKeyArgs;
import com.pulumi.aws.iam.User;
import com.pulumi.aws.iam.UserArgs;
import com.pulumi.aws.iam.UserPolicy;
import com.pulumi.aws.iam.UserPolicyArgs;
import com.pulumi.aws.sesv2.ConfigurationSet;
import com.pulumi.aws.sesv2.EmailIdentity;
import com.pulumi.core.Output;

/** The IAM user whose key is the SMTP login. It may send from one address and has no other right. */
final class SmtpLogin {
    private SmtpLogin() {}

    static Output<String> create(Mail owner, String from, EmailIdentity identity, ConfigurationSet set) {
        StackContext context = owner.context();
        User user = new User(
                context.name("smtp"),
                UserArgs.builder().path("/deloton/").forceDestroy(true).build(),
                owner.own());
        new UserPolicy(
                context.name("smtp"),
                UserPolicyArgs.builder()
                        .user(user.name())
                        .policy(Policy.of(Statement.allow("ses:SendRawEmail")
                                .on(identity.arn(), set.arn())
                                .when("StringEquals", "ses:FromAddress", from)))
                        .build(),
                owner.own());
        AccessKey key = new AccessKey(
                context.name("smtp"), AccessKeyArgs.builder().user(user.name()).build(), owner.own());
        Output<String> login = Output.tuple(key.id(), key.sesSmtpPasswordV4()).applyValue(pair -> {
            JsonObject json = new JsonObject();
            json.addProperty("username", pair.t1);
            json.addProperty("password", pair.t2);
            return json.toString();
        });
        return StoredSecret.of(owner, "smtp", login).arn();
    }
}
