package com.deloton.gateway.testing;

import com.deloton.gateway.api.contract.Contract;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Holds messages to the schemas of {@code asyncapi.yaml}. */
public final class AsyncApi {
    private static final JsonObject DOCUMENT = read();

    private AsyncApi() {}

    private static JsonObject read() {
        try {
            return Contract.parse(Files.readString(Path.of("asyncapi.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a message of a channel; also a message that the channel does not have. */
    public static List<String> violations(String channel, String message, JsonObject payload) {
        JsonObject resolved =
                (JsonObject) resolve(DOCUMENT.getJsonObject("channels").getJsonObject(channel));
        for (Object candidate : resolved.getJsonObject("messages").getMap().values()) {
            JsonObject declared = (JsonObject) candidate;
            if (declared.getString("name").equals(message)) {
                OutputUnit result = Validator.create(
                                JsonSchema.of(declared.getJsonObject("payload")),
                                new JsonSchemaOptions()
                                        .setDraft(Draft.DRAFT202012)
                                        .setBaseUri("https://example.com")
                                        .setOutputFormat(OutputFormat.Basic))
                        .validate(payload);
                return Boolean.TRUE.equals(result.getValid())
                        ? List.of()
                        : List.of("%s %s: %s".formatted(message, payload, result.getErrors()));
            }
        }
        return List.of("the channel " + channel + " has no message " + message);
    }

    /** With references replaced; the schemas are not recursive. */
    private static Object resolve(Object node) {
        if (node instanceof JsonObject object) {
            if (object.size() == 1 && object.containsKey("$ref")) {
                return resolve(target(object.getString("$ref")));
            }
            JsonObject copy = new JsonObject();
            object.forEach(member -> copy.put(member.getKey(), resolve(member.getValue())));
            return copy;
        }
        if (node instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.forEach(each -> copy.add(resolve(each)));
            return copy;
        }
        return node;
    }

    private static JsonObject target(String reference) {
        JsonObject target = DOCUMENT;
        for (String name : reference.substring(2).split("/", -1)) {
            target = target.getJsonObject(name);
        }
        return target;
    }
}
