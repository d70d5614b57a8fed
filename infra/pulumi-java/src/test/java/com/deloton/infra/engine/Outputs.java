package com.deloton.infra.engine;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.pulumi.core.annotations.Export;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Map;
import pulumirpc.Resource.RegisterResourceRequest;

/** Plausible outputs of a resource, made from its inputs, its Java type and a few examples. */
final class Outputs {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "eu-west-2";

    private Outputs() {}

    static Struct of(RegisterResourceRequest request) {
        Struct.Builder outputs = request.getObject().toBuilder();
        for (Field field : javaType(request.getType()).getDeclaredFields()) {
            Export export = field.getAnnotation(Export.class);
            if (export == null || outputs.containsFields(export.name())) {
                continue;
            }
            Value value = value(request, export);
            if (value.getKindCase() != Value.KindCase.KIND_NOT_SET) {
                boolean secret = request.getAdditionalSecretOutputsList().contains(export.name());
                outputs.putFields(export.name(), secret ? Wire.secret(value) : value);
            }
        }
        return outputs.build();
    }

    private static Class<?> javaType(String token) {
        String module = token.split(":")[1].split("/")[0].toLowerCase(Locale.ROOT);
        String simple = token.substring(token.lastIndexOf(':') + 1);
        String name = "com.pulumi.aws." + (module.equals("index") ? "" : module + ".") + simple;
        try {
            return Class.forName(name, false, Outputs.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("No Java type for " + token, e);
        }
    }

    private static Value value(RegisterResourceRequest request, Export export) {
        String name = request.getName();
        String property = export.name();
        return switch (property) {
            case "domainValidationOptions" ->
                list(struct(Map.of(
                        "resourceRecordName",
                        "_check." + text(request, "domainName"),
                        "resourceRecordType",
                        "CNAME",
                        "resourceRecordValue",
                        "_check.acm-validations.aws")));
            case "masterUserSecrets" ->
                list(struct(Map.of(
                        "secretArn",
                        "arn:aws:secretsmanager:" + REGION + ":" + ACCOUNT + ":secret:rds!cluster-owner-AbCdEf")));
            case "bootstrapBrokersSaslScram" ->
                Wire.text("b-1." + name + ".example:9096,b-2." + name + ".example:9096");
            case "bootstrapBrokersSaslIam" -> Wire.text("b-1." + name + ".example:9098,b-2." + name + ".example:9098");
            case "endpoint" -> Wire.text(name + ".cluster-example." + REGION + ".rds.amazonaws.com");
            case "readerEndpoint" -> Wire.text(name + ".cluster-ro-example." + REGION + ".rds.amazonaws.com");
            case "repositoryUrl" -> Wire.text(ACCOUNT + ".dkr.ecr." + REGION + ".amazonaws.com/" + name);
            case "arn" -> Wire.text(Arns.of(request, physicalName(request)));
            case "name" -> Wire.text(physicalName(request));
            default -> byType(name, property, export.refs()[0]);
        };
    }

    private static Value byType(String name, String property, Class<?> type) {
        if (type == String.class) {
            return Wire.text(name + "." + property);
        }
        if (type == Integer.class || type == Double.class) {
            return Value.newBuilder().setNumberValue(1).build();
        }
        if (type == Boolean.class) {
            return Value.newBuilder().setBoolValue(false).build();
        }
        return Value.getDefaultInstance();
    }

    static String physicalName(RegisterResourceRequest request) {
        for (String property : new String[] {"name", "bucket", "emailIdentity", "configurationSetName", "family"}) {
            String given = text(request, property);
            if (!given.isEmpty()) {
                return given;
            }
        }
        return request.getName();
    }

    private static String text(RegisterResourceRequest request, String property) {
        return request.getObject()
                .getFieldsOrDefault(property, Value.getDefaultInstance())
                .getStringValue();
    }

    private static Value struct(Map<String, String> fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.forEach((key, value) -> struct.putFields(key, Wire.text(value)));
        return Value.newBuilder().setStructValue(struct).build();
    }

    private static Value list(Value one) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addValues(one))
                .build();
    }
}
