package com.deloton.infra.service;

import com.deloton.infra.network.Firewall;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Container definitions as JSON. */
final class Containers {
    /** Hard limit of the collector; the rest of a task's memory is the gateway's. */
    static final int COLLECTOR_MEBIBYTES = 128;

    private static final int STOP_SECONDS = 90;
    private static final String USER = "10001:10001";

    private final String region;

    Containers(String region) {
        this.region = region;
    }

    Output<JsonObject> program(
            Program program, GatewayEnvironment environment, Output<String> logGroup, int mebibytes, boolean serves) {
        return Output.tuple(
                        program.image(),
                        logGroup,
                        entries(environment.plain(), "value"),
                        entries(valuesFrom(environment), "valueFrom"))
                .applyValue(known -> {
                    JsonObject container = container(
                            program.container(),
                            known.t1,
                            known.t2,
                            program.command().getFirst());
                    container.addProperty("user", USER);
                    // Without it, the JVM takes its share of the memory of the whole host.
                    container.addProperty("memory", mebibytes);
                    if (!program.entryPoint().isEmpty()) {
                        container.add("entryPoint", strings(program.entryPoint()));
                    }
                    container.add("command", strings(program.command()));
                    container.add("environment", known.t3);
                    container.add("secrets", known.t4);
                    container.addProperty("stopTimeout", STOP_SECONDS);
                    container.add("mountPoints", scratchMount());
                    if (serves) {
                        container.add("portMappings", port());
                        container.add("healthCheck", healthCheck());
                    }
                    return container;
                });
    }

    /** Copies the gateway's own metrics to CloudWatch. */
    Output<JsonObject> collector(String image, String configuration, Output<String> logGroup) {
        return logGroup.applyValue(group -> {
            JsonObject container = container("collector", image, group, "collector");
            container.addProperty("essential", false);
            container.addProperty("memory", COLLECTOR_MEBIBYTES);
            JsonArray environment = new JsonArray();
            environment.add(entry("AOT_CONFIG_CONTENT", "value", configuration));
            container.add("environment", environment);
            return container;
        });
    }

    private JsonObject container(String name, String image, String logGroup, String prefix) {
        JsonObject container = new JsonObject();
        container.addProperty("name", name);
        container.addProperty("image", image);
        container.addProperty("essential", true);
        container.addProperty("readonlyRootFilesystem", true);
        container.add("linuxParameters", withoutCapabilities());
        container.add("logConfiguration", logs(logGroup, prefix));
        return container;
    }

    private static JsonObject withoutCapabilities() {
        JsonObject capabilities = new JsonObject();
        capabilities.add("drop", strings("ALL"));
        JsonObject linux = new JsonObject();
        linux.add("capabilities", capabilities);
        return linux;
    }

    private JsonObject logs(String group, String prefix) {
        JsonObject options = new JsonObject();
        options.addProperty("awslogs-group", group);
        options.addProperty("awslogs-region", region);
        options.addProperty("awslogs-stream-prefix", prefix);
        options.addProperty("mode", "non-blocking");
        options.addProperty("max-buffer-size", "25m");
        JsonObject logs = new JsonObject();
        logs.addProperty("logDriver", "awslogs");
        logs.add("options", options);
        return logs;
    }

    private static JsonArray scratchMount() {
        JsonObject mount = new JsonObject();
        mount.addProperty("sourceVolume", TaskDefinitions.SCRATCH);
        mount.addProperty("containerPath", "/tmp");
        mount.addProperty("readOnly", false);
        return array(mount);
    }

    private static JsonArray port() {
        JsonObject port = new JsonObject();
        port.addProperty("containerPort", Firewall.GATEWAY_PORT);
        port.addProperty("protocol", "tcp");
        return array(port);
    }

    /** The image has neither shell nor curl, so a class of the image sends the request. */
    private static JsonObject healthCheck() {
        JsonObject check = new JsonObject();
        check.add(
                "command",
                strings(
                        "CMD",
                        "/opt/java/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx16m",
                        "-cp",
                        "/app/probe",
                        "com.deloton.image.HealthProbe"));
        check.addProperty("interval", 30);
        check.addProperty("timeout", 10);
        check.addProperty("retries", 3);
        check.addProperty("startPeriod", 120);
        return check;
    }

    private static Map<String, Output<String>> valuesFrom(GatewayEnvironment environment) {
        Map<String, Output<String>> values = new TreeMap<>();
        environment.secrets().forEach((name, reference) -> values.put(name, reference.valueFrom()));
        return values;
    }

    private static Output<JsonArray> entries(Map<String, Output<String>> values, String field) {
        List<String> names = new ArrayList<>(values.keySet());
        return Output.all(List.copyOf(values.values())).applyValue(known -> {
            JsonArray array = new JsonArray();
            for (int i = 0; i < names.size(); i++) {
                array.add(entry(names.get(i), field, known.get(i)));
            }
            return array;
        });
    }

    private static JsonObject entry(String name, String field, String value) {
        JsonObject entry = new JsonObject();
        entry.addProperty("name", name);
        entry.addProperty(field, value);
        return entry;
    }

    private static JsonArray strings(String... values) {
        return strings(List.of(values));
    }

    private static JsonArray strings(List<String> values) {
        JsonArray array = new JsonArray();
        for (String value : values) {
            array.add(new JsonPrimitive(value));
        }
        return array;
    }

    private static JsonArray array(JsonObject one) {
        JsonArray array = new JsonArray();
        array.add(one);
        return array;
    }
}
