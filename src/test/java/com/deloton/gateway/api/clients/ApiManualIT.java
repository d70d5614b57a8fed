package com.deloton.gateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.http.WholeApi;
import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.local.token.DevelopmentTokens;
import com.deloton.gateway.testing.Skipped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/api.md, as a reader would paste them. */
class ApiManualIT {
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

    @TempDir
    Path folder = Path.of("");

    @Test
    void theExamplesOfTheApiAreAnswered() throws Exception {
        if (!Programs.isInstalled("curl") || !Programs.isInstalled("/bin/bash")) {
            Skipped.test("ApiManualIT", "curl and bash (Debian: apt install curl bash)");
        }
        DevelopmentTokens tokens = new DevelopmentTokens(folder, InstantSource.system());
        JwtConfig jwt = new JwtConfig(
                Objects.requireNonNull(tokens.variables().get("DELOTON_API_JWT_ISSUER")),
                Objects.requireNonNull(tokens.variables().get("DELOTON_API_JWT_AUDIENCE")),
                null,
                List.of(Path.of(Objects.requireNonNull(tokens.variables().get("DELOTON_API_JWT_KEY_FILES")))),
                Duration.ZERO);
        try (WholeApi api = new WholeApi(WholeApi.someRides(), jwt, List.of(tokens))) {
            List<JsonNode> answers = answers(examples().replace("localhost:8080", "localhost:" + api.fixture.port()));

            assertThat(answers).hasSize(4);
            assertThat(StreamSupport.stream(answers.get(0).get("items").spliterator(), false)
                            .map(ride -> ride.get("energyKj").asDouble()))
                    .containsExactly(65.4, 64.4, 63.4);
            assertThat(answers.get(1).get("rides").isInt())
                    .as("%s", answers.get(1))
                    .isTrue();
            assertThat(answers.subList(2, 4))
                    .allSatisfy(
                            answer -> assertThat(answer.get("token").asText()).contains("."));
        }
    }

    private static String examples() throws IOException {
        String page = Files.readString(Path.of("docs/api.md"));
        int from = page.indexOf("\n## Examples\n");
        String section = page.substring(from, page.indexOf("\n## ", from + 1));
        StringBuilder examples = new StringBuilder();
        EXAMPLE.matcher(section)
                .results()
                .map(match -> match.group(1))
                .filter(example -> example.contains("curl"))
                .forEach(examples::append);
        return examples.toString();
    }

    private static List<JsonNode> answers(String script) throws Exception {
        Process bash = new ProcessBuilder("/bin/bash", "-euo", "pipefail", "-c", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        try (var values = JsonMapper.builder().build().readerFor(JsonNode.class).<JsonNode>readValues(output)) {
            return values.readAll();
        }
    }
}
