package com.deloton.infra.engine;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import pulumirpc.Resource.RegisterResourceRequest;
import pulumirpc.Resource.RegisterResourceResponse;
import pulumirpc.Resource.ResourceInvokeRequest;

/** Answers a program like an engine that creates everything at once, and remembers what it asked for. */
final class Recorder {
    private final String stack;
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> urns = new HashSet<>();

    Recorder(String stack) {
        this.stack = stack;
    }

    synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    synchronized RegisterResourceResponse register(RegisterResourceRequest request) {
        String urn = urn(request);
        if (!urns.add(urn)) {
            throw new IllegalStateException("Two resources have the name " + urn);
        }
        steps.add(new Step(
                urn,
                request.getType(),
                request.getName(),
                request.getParent(),
                request.getProvider(),
                request.getProtect(),
                List.copyOf(request.getIgnoreChangesList()),
                Wire.plain(request.getObject())));
        RegisterResourceResponse.Builder response =
                RegisterResourceResponse.newBuilder().setUrn(urn);
        if (request.getCustom()) {
            boolean provider = request.getType().startsWith("pulumi:");
            response.setId(id(request)).setObject(provider ? request.getObject() : Outputs.of(request));
        }
        return response.build();
    }

    /** Most ids are names here; a few are ARNs with AWS too, and programs rely on that. */
    private static String id(RegisterResourceRequest request) {
        String kind = request.getType().substring(request.getType().lastIndexOf(':') + 1);
        String name = Outputs.physicalName(request);
        return switch (kind) {
            case "Secret", "Topic" -> Arns.of(request, name);
            case "BucketV2", "Role", "LogGroup" -> name;
            case "AccessKey" -> "AKIAEXAMPLE";
            default -> request.getName() + "-" + kind.toLowerCase(java.util.Locale.ROOT);
        };
    }

    private String urn(RegisterResourceRequest request) {
        String parent = request.getParent().isEmpty() ? "" : request.getParent().split("::")[2];
        String type = parent.isEmpty() || parent.equals("pulumi:pulumi:Stack")
                ? request.getType()
                : parent + "$" + request.getType();
        return "urn:pulumi:" + stack + "::deloton::" + type + "::" + request.getName();
    }

    static Struct invoke(ResourceInvokeRequest request) {
        String answer = switch (request.getTok()) {
            case "aws:index/getCallerIdentity:getCallerIdentity" ->
                """
                        {"accountId": "%s", "arn": "arn:aws:iam::%s:root", "id": "%s", "userId": "me"}""".formatted(Outputs.ACCOUNT, Outputs.ACCOUNT, Outputs.ACCOUNT);
            case "aws:secretsmanager/getRandomPassword:getRandomPassword" -> """
                        {"randomPassword": "cleartext-random", "id": "password"}""";
            case "aws:ssm/getParameter:getParameter" -> """
                        {"insecureValue": "ami-00000000000000000", "value": "ami-00000000000000000", "arn": "",
                         "name": "ami", "type": "String", "version": 1, "id": "ami"}""";
            case "aws:index/getAvailabilityZone:getAvailabilityZone" -> {
                String zone = request.getArgs().getFieldsOrThrow("name").getStringValue();
                yield """
                        {"name": "%s", "zoneId": "euw2-az-of-%s", "id": "%s"}""".formatted(zone, zone.substring(zone.length() - 1), zone);
            }
            default -> throw new IllegalStateException("No answer for the invoke " + request.getTok());
        };
        Struct.Builder struct = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(answer, struct);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        return struct.build();
    }
}
