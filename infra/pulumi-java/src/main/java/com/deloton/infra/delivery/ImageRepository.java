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

/** The repository of the gateway's images: scanned, immutable tags, the last 30 images. */
final class ImageRepository {
    private static final int KEPT = 30;

    private ImageRepository() {}

    static Repository create(Component owner) {
        StackContext context = owner.context();
        Repository repository = new Repository(
                context.name("gateway"),
                RepositoryArgs.builder()
                        .name(context.name("gateway"))
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
                context.name("gateway"),
                LifecyclePolicyArgs.builder()
                        .repository(repository.name())
                        .policy(lastOnes().toString())
                        .build(),
                owner.own());
        return repository;
    }

    private static JsonObject lastOnes() {
        JsonObject selection = new JsonObject();
        selection.addProperty("tagStatus", "any");
        selection.addProperty("countType", "imageCountMoreThan");
        selection.addProperty("countNumber", KEPT);
        JsonObject action = new JsonObject();
        action.addProperty("type", "expire");
        JsonObject rule = new JsonObject();
        rule.addProperty("rulePriority", 1);
        rule.add("selection", selection);
        rule.add("action", action);
        JsonArray rules = new JsonArray();
        rules.add(rule);
        JsonObject policy = new JsonObject();
        policy.add("rules", rules);
        return policy;
    }
}
