package com.deloton.infra.edge;

import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.pulumi.aws.s3.BucketLifecycleConfigurationV2;
import com.pulumi.aws.s3.BucketLifecycleConfigurationV2Args;
import com.pulumi.aws.s3.BucketPolicy;
import com.pulumi.aws.s3.BucketPolicyArgs;
import com.pulumi.aws.s3.BucketPublicAccessBlock;
import com.pulumi.aws.s3.BucketPublicAccessBlockArgs;
import com.pulumi.aws.s3.BucketServerSideEncryptionConfigurationV2;
import com.pulumi.aws.s3.BucketServerSideEncryptionConfigurationV2Args;
import com.pulumi.aws.s3.BucketV2;
import com.pulumi.aws.s3.BucketV2Args;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleExpirationArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleFilterArgs;
import com.pulumi.aws.s3.inputs.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs;
import com.pulumi.aws.s3.inputs.BucketServerSideEncryptionConfigurationV2RuleArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.Resource;

/** The bucket of the load balancer's access logs. ELB supports only S3's own encryption for it, not the stack's key. */
final class AccessLogs {
    final Output<String> bucketName;
    final Resource policy;

    AccessLogs(Edge owner) {
        String name = owner.context().name("access-logs");
        BucketV2 bucket = new BucketV2(
                name,
                BucketV2Args.builder().forceDestroy(!owner.context().protect()).build(),
                owner.guarded());
        BucketPublicAccessBlock block = new BucketPublicAccessBlock(
                name,
                BucketPublicAccessBlockArgs.builder()
                        .bucket(bucket.id())
                        .blockPublicAcls(true)
                        .blockPublicPolicy(true)
                        .ignorePublicAcls(true)
                        .restrictPublicBuckets(true)
                        .build(),
                owner.own());
        new BucketServerSideEncryptionConfigurationV2(
                name,
                BucketServerSideEncryptionConfigurationV2Args.builder()
                        .bucket(bucket.id())
                        .rules(BucketServerSideEncryptionConfigurationV2RuleArgs.builder()
                                .applyServerSideEncryptionByDefault(
                                        BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs
                                                .builder()
                                                .sseAlgorithm("AES256")
                                                .build())
                                .build())
                        .build(),
                owner.own());
        new BucketLifecycleConfigurationV2(
                name,
                BucketLifecycleConfigurationV2Args.builder()
                        .bucket(bucket.id())
                        .rules(BucketLifecycleConfigurationV2RuleArgs.builder()
                                .id("expire")
                                .status("Enabled")
                                .filter(BucketLifecycleConfigurationV2RuleFilterArgs.builder()
                                        .prefix("")
                                        .build())
                                .expiration(BucketLifecycleConfigurationV2RuleExpirationArgs.builder()
                                        .days(owner.context().logRetentionDays())
                                        .build())
                                .build())
                        .build(),
                owner.own());
        this.bucketName = bucket.id();
        this.policy = new BucketPolicy(
                name,
                BucketPolicyArgs.builder()
                        .bucket(bucket.id())
                        .policy(policy(owner, bucket.arn()))
                        .build(),
                owner.with().dependsOn(block).build());
    }

    private static Output<String> policy(Edge owner, Output<String> arn) {
        Output<String> logs =
                Output.format("%s/AWSLogs/%s/*", arn, owner.context().account());
        return Policy.of(
                Statement.allow("s3:PutObject").on(logs).toService("logdelivery.elasticloadbalancing"),
                Statement.deny("s3:GetObject", "s3:PutObject")
                        .on(arn.applyValue(bucket -> bucket + "/*"))
                        .to("AWS", Output.of("*"))
                        .when("Bool", "aws:SecureTransport", "false"));
    }
}
