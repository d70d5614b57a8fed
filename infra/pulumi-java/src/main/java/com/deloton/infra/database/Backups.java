package com.deloton.infra.database;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.Roles;
import com.deloton.infra.base.StackContext;
import com.pulumi.aws.backup.Plan;
import com.pulumi.aws.backup.PlanArgs;
import com.pulumi.aws.backup.Selection;
import com.pulumi.aws.backup.SelectionArgs;
import com.pulumi.aws.backup.Vault;
import com.pulumi.aws.backup.VaultArgs;
import com.pulumi.aws.backup.inputs.PlanRuleArgs;
import com.pulumi.aws.backup.inputs.PlanRuleCopyActionArgs;
import com.pulumi.aws.backup.inputs.PlanRuleCopyActionLifecycleArgs;
import com.pulumi.aws.backup.inputs.PlanRuleLifecycleArgs;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RolePolicyAttachment;
import com.pulumi.aws.iam.RolePolicyAttachmentArgs;
import com.pulumi.core.Output;
import java.util.List;

/** A daily snapshot of the cluster in AWS Backup, and its copy in a vault that the stack's account does not control. */
final class Backups {
    private static final String DAILY = "cron(30 4 * * ? *)";
    private static final int KEPT_HERE_DAYS = 7;
    private static final int COPY_KEPT_DAYS = 35;
    private static final int START_WITHIN_MINUTES = 60;
    private static final int END_WITHIN_MINUTES = 480;

    private Backups() {}

    static void copied(Component owner, Output<String> clusterArn, String destination) {
        StackContext context = owner.context();
        Vault vault = new Vault(
                context.name("backup"),
                VaultArgs.builder()
                        .name(context.name("backup"))
                        .kmsKeyArn(context.keyArn())
                        .build(),
                owner.guarded());
        Plan plan = new Plan(
                context.name("backup"),
                PlanArgs.builder()
                        .name(context.name("backup"))
                        .rules(PlanRuleArgs.builder()
                                .ruleName("daily")
                                .targetVaultName(vault.name())
                                .schedule(DAILY)
                                .startWindow(START_WITHIN_MINUTES)
                                .completionWindow(END_WITHIN_MINUTES)
                                .lifecycle(PlanRuleLifecycleArgs.builder()
                                        .deleteAfter(KEPT_HERE_DAYS)
                                        .build())
                                .copyActions(PlanRuleCopyActionArgs.builder()
                                        .destinationVaultArn(destination)
                                        .lifecycle(PlanRuleCopyActionLifecycleArgs.builder()
                                                .deleteAfter(COPY_KEPT_DAYS)
                                                .build())
                                        .build())
                                .build())
                        .build(),
                owner.own());
        new Selection(
                context.name("backup"),
                SelectionArgs.builder()
                        .name(context.name("backup"))
                        .planId(plan.id())
                        .iamRoleArn(role(owner).arn())
                        .resources(clusterArn.applyValue(List::of))
                        .build(),
                owner.own());
    }

    /** With AWS's own policy, which follows the service. */
    private static Role role(Component owner) {
        Role role = Roles.forService(owner, "backup", "backup");
        new RolePolicyAttachment(
                owner.context().name("backup"),
                RolePolicyAttachmentArgs.builder()
                        .role(role.name())
                        .policyArn("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup")
                        .build(),
                owner.own());
        return role;
    }
}
