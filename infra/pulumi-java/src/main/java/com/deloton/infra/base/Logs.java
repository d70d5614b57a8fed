package com.deloton.infra.base;

import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.cloudwatch.LogGroupArgs;

/** Log groups, always encrypted and with a retention. */
public final class Logs {
    private Logs() {}

    public static LogGroup group(Component owner, String part) {
        return group(owner, part, owner.context().path(part));
    }

    /** For services that fix the group's name themselves. */
    public static LogGroup group(Component owner, String part, String groupName) {
        return new LogGroup(
                owner.context().name(part),
                LogGroupArgs.builder()
                        .name(groupName)
                        .retentionInDays(owner.context().logRetentionDays())
                        .kmsKeyId(owner.context().keyArn())
                        .build(),
                owner.own());
    }
}
