package com.deloton.infra.delivery;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.pulumi.aws.ecr.LifecyclePolicy;
import com.pulumi.aws.ecr.LifecyclePolicyArgs;
import com.pulumi.aws.ecr.Repository;
import com.pulumi.aws.ecr.RepositoryArgs;
import com.pulumi.aws.ecr.inputs.RepositoryEncryptionConfigurationArgs;
import com.pulumi.aws.ecr.inputs.RepositoryImageScanningConfigurationArgs;

/** A repository of images: scanned, immutable tags, the released images and the last 30 others. */
final class ImageRepository {
    private static final int KEPT = 30;

    /** {@code release.sh} gives this tag to what it releases. */
    private static final String RELEASED = "released-";

    private static final int KEPT_RELEASED = 300;

    private ImageRepository() {}

    static Repository create(Component owner, String part) {
        StackContext context = owner.context();
        Repository repository = new Repository(
                context.name(part),
                RepositoryArgs.builder()
                        .name(context.name(part))
                        .imageTagMutability("IMMUTABLE")
                        .imageScanningConfiguration(RepositoryImageScanningConfigurationArgs.builder()
                                .scanOnPush(true)
                                .build())
                        .encryptionConfigurations(RepositoryEncryptionConfigurationArgs.builder()
                                .encryptionType("KMS")
                                .kmsKey(context.keyArn())
                                .build())
                        .forceDelete(!context.protect())
                        .build(),
                owner.guarded());
        new LifecyclePolicy(
                context.name(part),
                LifecyclePolicyArgs.builder()
                        .repository(repository.name())
                        .policy(policy().toString())
                        .build(),
                owner.own());
        return repository;
    }

    /** An image that a rule selects by its tag is never expired by a later rule. */
    private static JsonObject policy() {
        JsonObject released = selection("tagged", KEPT_RELEASED);
        JsonArray prefixes = new JsonArray();
        prefixes.add(RELEASED);
        released.add("tagPrefixList", prefixes);
        JsonArray rules = new JsonArray();
        rules.add(rule(1, released));
        rules.add(rule(2, selection("any", KEPT)));
        JsonObject policy = new JsonObject();
        policy.add("rules", rules);
        return policy;
    }

    private static JsonObject selection(String status, int kept) {
        JsonObject selection = new JsonObject();
        selection.addProperty("tagStatus", status);
        selection.addProperty("countType", "imageCountMoreThan");
        selection.addProperty("countNumber", kept);
        return selection;
    }

    private static JsonObject rule(int priority, JsonObject selection) {
        JsonObject action = new JsonObject();
        action.addProperty("type", "expire");
        JsonObject rule = new JsonObject();
        rule.addProperty("rulePriority", priority);
        rule.add("selection", selection);
        rule.add("action", action);
        return rule;
    }
}
