package com.deloton.infra.base;

import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.pulumi.aws.Provider;
import com.pulumi.aws.kms.Key;
import com.pulumi.aws.kms.KeyArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The stack's key: who administers it, and which services use it on the account's behalf. */
public final class EncryptionKey {
    private EncryptionKey() {}

    /** @param backupAccount the account whose backup vault gets copies; empty for none */
    public static Key create(
            String name,
            String region,
            Output<String> account,
            Optional<String> backupAccount,
            Provider provider,
            boolean protect) {
        return new Key(
                name,
                KeyArgs.builder()
                        .description("Encrypts all data of " + name)
                        .enableKeyRotation(true)
                        .deletionWindowInDays(30)
                        .policy(policy(region, account, backupAccount))
                        .build(),
                CustomResourceOptions.builder()
                        .provider(provider)
                        .protect(protect)
                        .build());
    }

    private static Output<String> policy(String region, Output<String> account, Optional<String> backupAccount) {
        List<Statement> statements = new ArrayList<>(own(region, account));
        backupAccount.ifPresent(id -> statements.add(
                Statement.allow("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
                        .onAny()
                        .to("AWS", Output.of("arn:aws:iam::" + id + ":root"))));
        return Policy.of(statements);
    }

    private static List<Statement> own(String region, Output<String> account) {
        return List.of(
                Statement.allow(
                                "kms:CancelKeyDeletion",
                                "kms:CreateAlias",
                                "kms:CreateGrant",
                                "kms:Decrypt",
                                "kms:DeleteAlias",
                                "kms:DescribeKey",
                                "kms:DisableKey",
                                "kms:EnableKey",
                                "kms:EnableKeyRotation",
                                "kms:Encrypt",
                                "kms:GenerateDataKey",
                                "kms:GenerateDataKeyWithoutPlaintext",
                                "kms:GetKeyPolicy",
                                "kms:GetKeyRotationStatus",
                                "kms:ListGrants",
                                "kms:ListKeyPolicies",
                                "kms:ListResourceTags",
                                "kms:PutKeyPolicy",
                                "kms:ReEncryptFrom",
                                "kms:ReEncryptTo",
                                "kms:RevokeGrant",
                                "kms:ScheduleKeyDeletion",
                                "kms:TagResource",
                                "kms:UntagResource",
                                "kms:UpdateKeyDescription")
                        .onAny()
                        .to("AWS", account.applyValue(id -> "arn:aws:iam::" + id + ":root")),
                Statement.allow(
                                "kms:Encrypt",
                                "kms:Decrypt",
                                "kms:ReEncryptFrom",
                                "kms:ReEncryptTo",
                                "kms:GenerateDataKey",
                                "kms:DescribeKey")
                        .onAny()
                        .toService("logs." + region)
                        .when(
                                "ArnLike",
                                "kms:EncryptionContext:aws:logs:arn",
                                account.applyValue(id -> "arn:aws:logs:" + region + ":" + id + ":log-group:*")),
                Statement.allow("kms:Decrypt", "kms:GenerateDataKey")
                        .onAny()
                        .toService("sns", "cloudwatch", "ses")
                        .when("StringEquals", "aws:SourceAccount", account));
    }
}
