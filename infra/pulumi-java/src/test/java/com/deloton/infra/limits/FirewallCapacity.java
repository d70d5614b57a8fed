package com.deloton.infra.limits;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Set;

/** The web ACL capacity units (WCU) of the kinds of rules that occur here, as AWS documents them for each statement. */
final class FirewallCapacity {
    private static final Map<String, Integer> MANAGED = Map.of(
            "AWSManagedRulesCommonRuleSet", 700,
            "AWSManagedRulesKnownBadInputsRuleSet", 200,
            "AWSManagedRulesAmazonIpReputationList", 25);
    private static final Set<String> SEARCHES = Set.of("CONTAINS", "CONTAINS_WORD");
    private static final int SEARCH = 10;
    private static final int COMPARISON = 2;
    private static final int TRANSFORMATION = 10;
    private static final int RATE = 2;

    private FirewallCapacity() {}

    /** @param acl inputs of a web ACL */
    static int of(JsonObject acl) {
        int units = 0;
        for (JsonElement rule : acl.getAsJsonArray("rules")) {
            units += ofStatement(rule.getAsJsonObject().getAsJsonObject("statement"));
        }
        return units;
    }

    private static int ofStatement(JsonObject statement) {
        String kind = statement.keySet().iterator().next();
        JsonObject inner = statement.getAsJsonObject(kind);
        return switch (kind) {
            case "managedRuleGroupStatement" -> MANAGED.get(inner.get("name").getAsString());
            case "rateBasedStatement" -> RATE;
            case "byteMatchStatement" ->
                (SEARCHES.contains(inner.get("positionalConstraint").getAsString()) ? SEARCH : COMPARISON)
                        + TRANSFORMATION
                                * inner.getAsJsonArray("textTransformations").size();
            default -> throw new IllegalStateException("No capacity is known of " + kind);
        };
    }
}
