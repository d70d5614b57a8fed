package com.deloton.infra.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import java.util.TreeMap;

/** The engine's wire format: secrets are structures with a signature. */
final class Wire {
    static final String SECRET = "[secret]";
    private static final String SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
    private static final String SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
    private static final String OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

    private Wire() {}

    static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    static Value secret(Value value) {
        return Value.newBuilder()
                .setStructValue(Struct.newBuilder()
                        .putFields(SIGNATURE_KEY, text(SECRET_SIGNATURE))
                        .putFields("value", value))
                .build();
    }

    static JsonObject plain(Struct struct) {
        JsonObject object = new JsonObject();
        new TreeMap<>(struct.getFieldsMap()).forEach((key, value) -> object.add(key, plain(value)));
        return object;
    }

    private static JsonElement plain(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> structure(value.getStructValue());
            case LIST_VALUE -> {
                JsonArray array = new JsonArray();
                value.getListValue().getValuesList().forEach(entry -> array.add(plain(entry)));
                yield array;
            }
            case NUMBER_VALUE -> number(value.getNumberValue());
            case BOOL_VALUE -> new JsonPrimitive(value.getBoolValue());
            case STRING_VALUE -> string(value.getStringValue());
            case NULL_VALUE, KIND_NOT_SET -> JsonNull.INSTANCE;
        };
    }

    private static JsonElement structure(Struct struct) {
        Map<String, Value> fields = struct.getFieldsMap();
        Value signature = fields.get(SIGNATURE_KEY);
        if (signature == null) {
            return plain(struct);
        }
        if (signature.getStringValue().equals(SECRET_SIGNATURE)
                || fields.getOrDefault("secret", Value.getDefaultInstance()).getBoolValue()) {
            return new JsonPrimitive(SECRET);
        }
        if (signature.getStringValue().equals(OUTPUT_SIGNATURE)) {
            return plain(fields.getOrDefault("value", Value.getDefaultInstance()));
        }
        throw new IllegalStateException("Unknown kind of value: " + struct);
    }

    private static JsonPrimitive number(double number) {
        return number == Math.rint(number) ? new JsonPrimitive((long) number) : new JsonPrimitive(number);
    }

    /** Documents inside strings are shown as what they are. */
    private static JsonElement string(String text) {
        if (text.startsWith("{") || text.startsWith("[{")) {
            try {
                return JsonParser.parseString(text);
            } catch (JsonSyntaxException e) {
                return new JsonPrimitive(text);
            }
        }
        return new JsonPrimitive(text);
    }
}
