package com.deloton.infra.base;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.pulumi.aws.secretsmanager.Secret;
import com.pulumi.aws.secretsmanager.SecretArgs;
import com.pulumi.aws.secretsmanager.SecretVersion;
import com.pulumi.aws.secretsmanager.SecretVersionArgs;
import com.pulumi.aws.secretsmanager.SecretsmanagerFunctions;
import com.pulumi.aws.secretsmanager.inputs.GetRandomPasswordArgs;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import com.pulumi.resources.CustomResourceOptions;

/**
 * A secret in the manager.
 *
 * @param value what is stored, as a secret
 */
public record StoredSecret(Output<String> arn, Output<String> value) {
    /** Without protection a secret is deleted at once: its name is then free for the next {@code up}. */
    private static final int PROTECTED_DAYS = 30;

    /** A given value, updated when its source changes. */
    public static StoredSecret of(Component owner, String part, Output<String> value) {
        return store(owner, part, owner.context().path(part), value.asSecret(), owner.own());
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
                owner.with().ignoreChanges("secretString").build());
    }

    /** The stored value of one field of a login. */
    public Output<String> field(String name) {
        return value.applyValue(
                json -> JsonParser.parseString(json).getAsJsonObject().get(name).getAsString());
    }

    private static String loginJson(String username, String password) {
        JsonObject login = new JsonObject();
        login.addProperty("username", username);
        login.addProperty("password", password);
        return login.toString();
    }

    private static StoredSecret store(
            Component owner, String part, String secretName, Output<String> value, CustomResourceOptions options) {
        StackContext context = owner.context();
        Secret secret = new Secret(
                context.name(part),
                SecretArgs.builder()
                        .name(secretName)
                        .kmsKeyId(context.keyArn())
                        .recoveryWindowInDays(context.protect() ? PROTECTED_DAYS : 0)
                        .build(),
                owner.guarded());
        SecretVersion version = new SecretVersion(
                context.name(part),
                SecretVersionArgs.builder()
                        .secretId(secret.id())
                        .secretString(value)
                        .build(),
                options);
        return new StoredSecret(
                version.arn(),
                version.secretString().applyValue(text -> text.orElse("{}")).asSecret());
    }
}
