package com.deloton.infra.engine;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** A stack's configuration as the program receives it: the repository's file, and what only an operator has. */
public record StackConfig(String stack, Map<String, String> values, Set<String> secretKeys) {
    private static final String DIGEST = "sha256:" + "0".repeat(64);

    public static StackConfig of(String stack) {
        Map<String, String> values = file(stack);
        values.put("deloton:imageDigest", DIGEST);
        if ("true".equals(values.get("deloton:archive"))) {
            values.put("deloton:archiveImageDigest", DIGEST);
        }
        Set<String> secrets = new TreeSet<>();
        if ("external".equals(values.get("deloton:kafka"))) {
            values.put("deloton:kafkaUsername", "cleartext-username");
            values.put("deloton:kafkaPassword", "cleartext-password");
            secrets.add("deloton:kafkaUsername");
            secrets.add("deloton:kafkaPassword");
        }
        return new StackConfig(stack, values, secrets);
    }

    public static Map<String, String> file(String stack) {
        try {
            Map<String, Map<String, Object>> file =
                    new Yaml().load(Files.readString(Path.of("Pulumi." + stack + ".yaml")));
            Map<String, String> values = new TreeMap<>();
            file.getOrDefault("config", Map.of())
                    .forEach((key, value) ->
                            values.put(key, value instanceof String text ? text : new Gson().toJson(value)));
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public StackConfig with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(key, value);
        return new StackConfig(stack, changed, secretKeys);
    }

    public StackConfig without(String key) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.remove(key);
        return new StackConfig(stack, changed, secretKeys);
    }
}
