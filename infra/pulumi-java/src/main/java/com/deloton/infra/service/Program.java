package com.deloton.infra.service;

import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;

/**
 * What a container runs.
 *
 * @param container the container's name
 * @param entryPoint empty for that of the image
 */
record Program(
        String container,
        Output<String> image,
        Output<String> repositoryArn,
        List<String> entryPoint,
        List<String> command) {

    /** The image of a digest in a repository; without a digest, an image that does not exist. */
    static Output<String> image(Output<String> repositoryUrl, Optional<String> digest) {
        return repositoryUrl.applyValue(
                url -> digest.map(known -> url + "@" + known).orElse(url + ":none"));
    }

    Program running(String... arguments) {
        return new Program(container, image, repositoryArn, entryPoint, List.of(arguments));
    }

    Program running(List<String> arguments) {
        return new Program(container, image, repositoryArn, entryPoint, List.copyOf(arguments));
    }

    /** With the client that authenticates at managed Kafka by IAM, which is in the image but not in the gateway's jar. */
    Program withIamClient() {
        return new Program(
                container,
                image,
                repositoryArn,
                List.of(
                        "/opt/java/bin/java",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:MaxRAMPercentage=60",
                        "-Djava.io.tmpdir=/tmp",
                        "-cp",
                        "/app/deloton-gateway.jar:/app/msk/aws-msk-iam-auth.jar",
                        "com.deloton.gateway.Main"),
                command);
    }
}
