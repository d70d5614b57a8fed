package com.deloton.infra.engine;

import pulumirpc.Resource.RegisterResourceRequest;

/** ARNs of the shape that AWS would give, so that policies can be judged. */
final class Arns {
    private Arns() {}

    static String of(RegisterResourceRequest request, String name) {
        String type = request.getType();
        String service = type.split(":")[1].split("/")[0];
        return switch (type.substring(type.lastIndexOf(':') + 1)) {
            case "BucketV2" -> "arn:aws:s3:::" + name;
            case "Role" -> global("iam", "role/" + name);
            case "User" -> global("iam", "user/deloton/" + name);
            case "Policy" -> global("iam", "policy/" + name);
            case "OpenIdConnectProvider" -> global("iam", "oidc-provider/token.actions.githubusercontent.com");
            case "LogGroup" -> local("logs", "log-group:" + name);
            case "Secret" -> local("secretsmanager", "secret:" + name + "-AbCdEf");
            case "SecretVersion" ->
                request.getObject().getFieldsOrThrow("secretId").getStringValue();
            case "Topic" -> local("sns", name);
            case "Queue" -> local("sqs", name);
            case "Key" -> local("kms", "key/00000000-0000-0000-0000-000000000000");
            case "Repository" -> local("ecr", "repository/" + name);
            case "TaskDefinition" -> local("ecs", "task-definition/" + name + ":1");
            case "Schedule" -> local("scheduler", "schedule/default/" + name);
            case "Instance" -> local("ec2", "instance/i-" + name);
            case "EmailIdentity" -> local("ses", "identity/" + name);
            case "ConfigurationSet" -> local("ses", "configuration-set/" + name);
            case "LoadBalancer", "TargetGroup", "Listener", "ListenerRule" ->
                local("elasticloadbalancing", lower(type) + "/" + name);
            case "Cluster" -> local(service.equals("msk") ? "kafka" : service, "cluster/" + name);
            default -> local(service, lower(type) + "/" + name);
        };
    }

    private static String lower(String type) {
        return type.substring(type.lastIndexOf('/') + 1, type.lastIndexOf(':'));
    }

    private static String local(String service, String resource) {
        return "arn:aws:" + service + ":" + Outputs.REGION + ":" + Outputs.ACCOUNT + ":" + resource;
    }

    private static String global(String service, String resource) {
        return "arn:aws:" + service + "::" + Outputs.ACCOUNT + ":" + resource;
    }
}
