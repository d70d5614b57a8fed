package com.deloton.infra.base;

import com.google.gson.JsonObject;
import com.pulumi.aws.secretsmanager.Secret;
import com.pulumi.aws.secretsmanager.SecretArgs;
import com.pulumi.aws.secretsmanager.SecretVersion;
import com.pulumi.aws.secretsmanager.SecretVersionArgs;
import com.pulumi.aws.secretsmanager.SecretsmanagerFunctions;
import com.pulumi.aws.secretsmanager.inputs.GetRandomPasswordArgs;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.List;

/** A secret in the manager. */
public record StoredSecret(Output<String> arn) {
    private static final String CURRENT = "AWSCURRENT";

    /**
     * Keeps the generated version after rotations. The manager deletes versions without a label; the provider would then
     * create the version again, as the current one.
     */
    private static final String INITIAL = "INITIAL";

    /** Without protection a secret is deleted at once: its name is then free for the next {@code up}. */
    private static final int PROTECTED_DAYS = 30;

    /** A given value, updated when its source changes. */
    public static StoredSecret of(Component owner, String part, Output<String> value) {
        return store(owner, part, owner.context().path(part), value.asSecret(), List.of(), owner.own());
    }

    /** A login with a random password, generated once and then not changed by this program. */
    public static StoredSecret login(Component owner, String part, String username) {
        return login(owner, part, owner.context().path(part), username);
    }

    public static StoredSecret login(Component owner, String part, String secretName, String username) {
        return once(owner, part, secretName, random(owner).applyValue(password -> loginJson(username, password)));
    }

    /** 40 random letters and digits, generated once and then not changed by this program. */
    public static StoredSecret random(Component owner, String part) {
        return once(owner, part, owner.context().path(part), random(owner));
    }

    private static Output<String> random(Component owner) {
        return SecretsmanagerFunctions.getRandomPassword(
                        GetRandomPasswordArgs.builder()
                                .passwordLength(40)
                                .excludePunctuation(true)
                                .build(),
                        InvokeOptions.builder()
                                .provider(owner.context().provider())
                                .build())
                .applyValue(random -> random.randomPassword());
    }

    private static StoredSecret once(Component owner, String part, String secretName, Output<String> value) {
        return store(
                owner,
                part,
                secretName,
                value.asSecret(),
                List.of(CURRENT, INITIAL),
                owner.with().ignoreChanges("secretString", "versionStages").build());
    }

    private static String loginJson(String username, String password) {
        JsonObject login = new JsonObject();
        login.addProperty("username", username);
        login.addProperty("password", password);
        return login.toString();
    }

    private static StoredSecret store(
            Component owner,
            String part,
            String secretName,
            Output<String> value,
            List<String> stages,
            CustomResourceOptions options) {
        StackContext context = owner.context();
        Secret secret = new Secret(
                context.name(part),
                SecretArgs.builder()
                        .name(secretName)
                        .kmsKeyId(context.keyArn())
                        .recoveryWindowInDays(context.protect() ? PROTECTED_DAYS : 0)
                        .build(),
                owner.guarded());
        SecretVersionArgs.Builder args =
                SecretVersionArgs.builder().secretId(secret.id()).secretString(value);
        if (!stages.isEmpty()) {
            args.versionStages(stages);
        }
        return new StoredSecret(new SecretVersion(context.name(part), args.build(), options).arn());
    }
}
