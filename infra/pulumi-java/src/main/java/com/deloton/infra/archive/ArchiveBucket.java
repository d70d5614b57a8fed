package com.deloton.infra.archive;

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
import com.pulumi.aws.s3.BucketVersioningV2;
import com.pulumi.aws.s3.BucketVersioningV2Args;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleArgs;
import com.pulumi.aws.s3.inputs.BucketLifecycleConfigurationV2RuleFilterArgs;
import com.pulumi.aws.s3.inputs.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs;
import com.pulumi.aws.s3.inputs.BucketServerSideEncryptionConfigurationV2RuleArgs;
import com.pulumi.aws.s3.inputs.BucketVersioningV2VersioningConfigurationArgs;
import com.pulumi.core.Output;

/**
 * A private bucket, encrypted with the stack's key and without versions: an erased rider has to be gone within 24 hours, and
 * S3 counts the days of noncurrent versions from the next midnight, so that a rule of one day may take two.
 */
final class ArchiveBucket {
    final Output<String> name;
    final Output<String> arn;

    private final Archive owner;
    private final String part;

    ArchiveBucket(Archive owner) {
        this.owner = owner;
        this.part = owner.context().name("archive");
        BucketV2 bucket = new BucketV2(
                part,
                BucketV2Args.builder().forceDestroy(!owner.context().protect()).build(),
                owner.guarded());
        this.name = bucket.id();
        this.arn = bucket.arn();
        encrypted();
        unversioned();
        withoutUnfinishedUploads();
        onlyForTheStack();
    }

    private void encrypted() {
        new BucketServerSideEncryptionConfigurationV2(
                part,
                BucketServerSideEncryptionConfigurationV2Args.builder()
                        .bucket(name)
                        .rules(BucketServerSideEncryptionConfigurationV2RuleArgs.builder()
                                .applyServerSideEncryptionByDefault(
                                        BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs
                                                .builder()
                                                .sseAlgorithm("aws:kms")
                                                .kmsMasterKeyId(owner.context().keyArn())
                                                .build())
                                .bucketKeyEnabled(true)
                                .build())
                        .build(),
                owner.own());
    }

    private void unversioned() {
        new BucketVersioningV2(
                part,
                BucketVersioningV2Args.builder()
                        .bucket(name)
                        .versioningConfiguration(BucketVersioningV2VersioningConfigurationArgs.builder()
                                .status("Disabled")
                                .build())
                        .build(),
                owner.own());
    }

    private void withoutUnfinishedUploads() {
        new BucketLifecycleConfigurationV2(
                part,
                BucketLifecycleConfigurationV2Args.builder()
                        .bucket(name)
                        .rules(BucketLifecycleConfigurationV2RuleArgs.builder()
                                .id("abort-uploads")
                                .status("Enabled")
                                .filter(BucketLifecycleConfigurationV2RuleFilterArgs.builder()
                                        .prefix("")
                                        .build())
                                .abortIncompleteMultipartUpload(
                                        BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs.builder()
                                                .daysAfterInitiation(1)
                                                .build())
                                .build())
                        .build(),
                owner.own());
    }

    private void onlyForTheStack() {
        BucketPublicAccessBlock block = new BucketPublicAccessBlock(
                part,
                BucketPublicAccessBlockArgs.builder()
                        .bucket(name)
                        .blockPublicAcls(true)
                        .blockPublicPolicy(true)
                        .ignorePublicAcls(true)
                        .restrictPublicBuckets(true)
                        .build(),
                owner.own());
        new BucketPolicy(
                part,
                BucketPolicyArgs.builder()
                        .bucket(name)
                        .policy(Policy.of(Statement.deny("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
                                .on(arn.applyValue(bucket -> bucket + "/*"))
                                .to("AWS", Output.of("*"))
                                .when("Bool", "aws:SecureTransport", "false")))
                        .build(),
                owner.with().dependsOn(block).build());
    }
}
