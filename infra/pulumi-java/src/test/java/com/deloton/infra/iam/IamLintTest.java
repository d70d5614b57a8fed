package com.deloton.infra.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.base.Resources;
import com.deloton.infra.engine.Stacks;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IamLintTest {
    private static final String STACKS = "com.deloton.infra.engine.Stacks#names";
    private static final Map<String, Boolean> NAMES_RESOURCE = Resources.text("/iam-actions.tsv")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("\t"))
            .collect(Collectors.toMap(line -> line[0], line -> line[1].equals("resource")));

    /** Sent by an instance about itself; AWS's own policy for it names no resource either. */
    private static final Set<String> REVIEWED = Set.of("ssm:UpdateInstanceInformation");

    @ParameterizedTest
    @MethodSource(STACKS)
    void everyActionExistsAndNoneIsAWildcard(String stack) {
        List<PolicyDocument> documents = PolicyDocument.all(Stacks.steps(stack));
        assertThat(documents).hasSizeGreaterThan(20);
        for (PolicyDocument document : documents) {
            for (JsonObject statement : document.statements()) {
                assertThat(statement.keySet())
                        .as(document.owner().name())
                        .doesNotContain("NotAction", "NotResource", "NotPrincipal");
                assertThat(PolicyDocument.strings(statement, "Action"))
                        .as(document.owner().name())
                        .isNotEmpty()
                        .allSatisfy(action -> assertThat(NAMES_RESOURCE).containsKey(action));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void aRightOnEverythingIsGivenOnlyWhereAnActionNamesNoResource(String stack) {
        for (PolicyDocument document : PolicyDocument.all(Stacks.steps(stack))) {
            // In a key's own policy the star stands for that key.
            if (document.isTrust() || document.owner().type().endsWith(":Key")) {
                continue;
            }
            for (JsonObject statement : document.statements()) {
                List<String> resources = PolicyDocument.strings(statement, "Resource");
                assertThat(resources).as(document.owner().name()).isNotEmpty().doesNotContain("");
                if (resources.stream()
                        .anyMatch(resource -> resource.equals("*") || resource.matches("arn:aws:\\w+:::?\\*"))) {
                    assertThat(PolicyDocument.strings(statement, "Action"))
                            .as(document.owner().name())
                            .allMatch(
                                    action -> !NAMES_RESOURCE.getOrDefault(action, true) || REVIEWED.contains(action));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(STACKS)
    void noOutsiderIsTrustedWithoutACondition(String stack) {
        for (PolicyDocument document : PolicyDocument.all(Stacks.steps(stack))) {
            for (JsonObject statement : document.statements()) {
                boolean open = statement.has("Principal")
                        && (statement.get("Principal").toString().contains("\"*\"")
                                || statement.get("Principal").toString().contains("Federated"));
                if (open && statement.get("Effect").getAsString().equals("Allow")) {
                    assertThat(statement.has("Condition"))
                            .as(document.owner().name())
                            .isTrue();
                }
            }
        }
    }
}
