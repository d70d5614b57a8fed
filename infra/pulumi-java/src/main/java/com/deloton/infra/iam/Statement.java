package com.deloton.infra.iam;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** One statement of a policy document. */
public record Statement(
        String effect,
        List<String> actions,
        List<Output<String>> resources,
        List<Principal> principals,
        List<Condition> conditions) {

    public record Principal(String kind, Output<String> value) {}

    public record Condition(String operator, String key, List<Output<String>> values) {}

    public static Statement allow(String... actions) {
        return new Statement("Allow", List.of(actions), List.of(), List.of(), List.of());
    }

    public static Statement deny(String... actions) {
        return new Statement("Deny", List.of(actions), List.of(), List.of(), List.of());
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Statement on(Output<String>... arns) {
        return new Statement(effect, actions, List.of(arns), principals, conditions);
    }

    public Statement on(List<Output<String>> arns) {
        return new Statement(effect, actions, List.copyOf(arns), principals, conditions);
    }

    /** For the few actions that name no resource, and for policies that belong to a key. */
    public Statement onAny() {
        return on(Output.of("*"));
    }

    public Statement to(String kind, Output<String> value) {
        List<Principal> more = new ArrayList<>(principals);
        more.add(new Principal(kind, value));
        return new Statement(effect, actions, resources, more, conditions);
    }

    public Statement toService(String... services) {
        Statement statement = this;
        for (String service : services) {
            statement = statement.to("Service", Output.of(service + ".amazonaws.com"));
        }
        return statement;
    }

    public Statement when(String operator, String key, List<Output<String>> values) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(operator, key, List.copyOf(values)));
        return new Statement(effect, actions, resources, principals, more);
    }

    public Statement when(String operator, String key, String... values) {
        return when(operator, key, Arrays.stream(values).map(Output::of).toList());
    }

    public Statement when(String operator, String key, Output<String> value) {
        return when(operator, key, List.of(value));
    }

    Output<JsonObject> json() {
        List<Output<String>> values = new ArrayList<>(resources);
        principals.forEach(principal -> values.add(principal.value()));
        conditions.forEach(condition -> values.addAll(condition.values()));
        return Output.all(values).applyValue(known -> json(known.listIterator()));
    }

    private JsonObject json(Iterator<String> values) {
        JsonObject statement = new JsonObject();
        statement.addProperty("Effect", effect);
        JsonArray action = new JsonArray();
        actions.forEach(action::add);
        statement.add("Action", action);
        if (!resources.isEmpty()) {
            statement.add("Resource", take(values, resources.size()));
        }
        if (!principals.isEmpty()) {
            JsonObject principal = new JsonObject();
            for (Principal one : principals) {
                array(principal, one.kind()).add(values.next());
            }
            statement.add("Principal", principal);
        }
        if (!conditions.isEmpty()) {
            JsonObject condition = new JsonObject();
            for (Condition one : conditions) {
                if (!condition.has(one.operator())) {
                    condition.add(one.operator(), new JsonObject());
                }
                condition
                        .getAsJsonObject(one.operator())
                        .add(one.key(), take(values, one.values().size()));
            }
            statement.add("Condition", condition);
        }
        return statement;
    }

    private static JsonArray array(JsonObject object, String key) {
        if (!object.has(key)) {
            object.add(key, new JsonArray());
        }
        return object.getAsJsonArray(key);
    }

    private static JsonArray take(Iterator<String> values, int count) {
        JsonArray array = new JsonArray();
        for (int i = 0; i < count; i++) {
            array.add(values.next());
        }
        return array;
    }
}
