package com.deloton.infra.iam;

import com.deloton.infra.engine.Step;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A policy of the plan, and a small part of how IAM judges it: the operators that occur here. */
record PolicyDocument(Step owner, String property, JsonObject json) {

    static List<PolicyDocument> all(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> Stream.of("policy", "assumeRolePolicy")
                        .filter(property -> step.inputs().has(property))
                        .filter(property -> step.inputs().get(property).isJsonObject())
                        .map(property ->
                                new PolicyDocument(step, property, step.inputs().getAsJsonObject(property))))
                .filter(document -> document.json.has("Statement"))
                .toList();
    }

    List<JsonObject> statements() {
        List<JsonObject> statements = new ArrayList<>();
        json.getAsJsonArray("Statement").forEach(statement -> statements.add(statement.getAsJsonObject()));
        return statements;
    }

    boolean isTrust() {
        return property.equals("assumeRolePolicy");
    }

    boolean allows(String action, String resource, Map<String, String> context) {
        return matching("Allow", action, resource, context) && !matching("Deny", action, resource, context);
    }

    private boolean matching(String effect, String action, String resource, Map<String, String> context) {
        return statements().stream()
                .filter(statement -> statement.get("Effect").getAsString().equals(effect))
                .filter(statement -> strings(statement, "Action").contains(action))
                .filter(statement -> isTrust()
                        || strings(statement, "Resource").stream().anyMatch(pattern -> like(pattern, resource)))
                .anyMatch(statement -> conditions(statement, context));
    }

    private static boolean conditions(JsonObject statement, Map<String, String> context) {
        if (!statement.has("Condition")) {
            return true;
        }
        return statement.getAsJsonObject("Condition").entrySet().stream()
                .allMatch(operator -> operator.getValue().getAsJsonObject().entrySet().stream()
                        .allMatch(condition -> holds(
                                operator.getKey(),
                                condition.getValue().getAsJsonArray(),
                                context.get(condition.getKey()))));
    }

    private static boolean holds(String operator, JsonArray wanted, @org.jspecify.annotations.Nullable String actual) {
        if (actual == null) {
            return operator.endsWith("IfExists");
        }
        return strings(wanted).stream().anyMatch(value -> switch (operator) {
            case "StringEquals", "Bool", "BoolIfExists" -> value.equals(actual);
            case "ArnEquals", "ArnLike", "StringLike" -> like(value, actual);
            default -> throw new IllegalStateException("Unknown operator " + operator);
        });
    }

    static List<String> strings(JsonObject statement, String key) {
        return statement.has(key) ? strings(statement.getAsJsonArray(key)) : List.of();
    }

    private static List<String> strings(JsonArray array) {
        List<String> strings = new ArrayList<>();
        for (JsonElement element : array) {
            strings.add(element.getAsString());
        }
        return strings;
    }

    static boolean like(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("(?<=\\*)|(?=\\*)")) {
            regex.append(part.equals("*") ? ".*" : java.util.regex.Pattern.quote(part));
        }
        return text.matches(regex.toString());
    }
}
