package com.deloton.infra;

import com.deloton.infra.engine.Step;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Comparator;
import java.util.List;

/** Steps as a document that a person can review: in a fixed order, with the containers' environment first. */
final class Plan {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Plan() {}

    static String of(String stack, List<Step> steps) {
        JsonObject plan = new JsonObject();
        plan.addProperty("stack", stack);
        plan.addProperty("resources", steps.size());
        plan.add("containers", containers(steps));
        JsonArray array = new JsonArray();
        steps.stream().sorted(Comparator.comparing(Step::urn)).map(Plan::step).forEach(array::add);
        plan.add("steps", array);
        return GSON.toJson(plan) + "\n";
    }

    /** For each task: its plain variables by value, and its secrets by where they are kept. */
    private static JsonObject containers(List<Step> steps) {
        JsonObject tasks = new JsonObject();
        steps.stream()
                .filter(step -> step.type().endsWith(":TaskDefinition"))
                .sorted(Comparator.comparing(Step::name))
                .forEach(step -> tasks.add(step.name().substring(step.name().lastIndexOf('-') + 1), variables(step)));
        return tasks;
    }

    private static JsonObject variables(Step task) {
        JsonObject gateway =
                task.inputs().getAsJsonArray("containerDefinitions").get(0).getAsJsonObject();
        JsonObject variables = new JsonObject();
        variables.add("environment", pairs(gateway.getAsJsonArray("environment"), "value"));
        variables.add("secrets", pairs(gateway.getAsJsonArray("secrets"), "valueFrom"));
        return variables;
    }

    private static JsonObject pairs(JsonArray entries, String field) {
        JsonObject pairs = new JsonObject();
        for (JsonElement entry : entries) {
            JsonObject pair = entry.getAsJsonObject();
            pairs.add(pair.get("name").getAsString(), pair.get(field));
        }
        return pairs;
    }

    private static JsonObject step(Step step) {
        JsonObject object = new JsonObject();
        object.addProperty("urn", step.urn());
        if (!step.provider().isEmpty()) {
            object.addProperty("provider", step.provider().split("::")[3]);
        }
        if (step.protect()) {
            object.addProperty("protect", true);
        }
        if (!step.ignoreChanges().isEmpty()) {
            object.add("ignoreChanges", GSON.toJsonTree(step.ignoreChanges()));
        }
        if (step.inputs().size() > 0) {
            object.add("inputs", step.inputs());
        }
        return object;
    }
}
