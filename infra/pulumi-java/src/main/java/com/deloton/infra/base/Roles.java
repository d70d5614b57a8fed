package com.deloton.infra.base;

import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.pulumi.aws.iam.Role;
import com.pulumi.aws.iam.RoleArgs;
import com.pulumi.aws.iam.RolePolicy;
import com.pulumi.aws.iam.RolePolicyArgs;
import com.pulumi.core.Output;
import java.util.List;

/** Roles with one inline policy each. */
public final class Roles {
    private Roles() {}

    /** A role for an AWS service; without statements it has no rights. */
    public static Role forService(Component owner, String part, String service, Statement... statements) {
        return role(owner, part, Policy.assumedBy(owner.context().account(), service), List.of(statements));
    }

    public static Role role(Component owner, String part, Output<String> trust, List<Statement> statements) {
        String name = owner.context().name(part);
        Role role = new Role(name, RoleArgs.builder().assumeRolePolicy(trust).build(), owner.own());
        if (!statements.isEmpty()) {
            new RolePolicy(
                    name,
                    RolePolicyArgs.builder()
                            .role(role.id())
                            .policy(Policy.of(statements))
                            .build(),
                    owner.own());
        }
        return role;
    }
}
