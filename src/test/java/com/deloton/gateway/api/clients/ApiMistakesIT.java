package com.deloton.gateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.http.WholeApi;
import com.deloton.gateway.testing.Skipped;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The commands and responses of docs/api-mistakes.md are those of a gateway. {@code -Dmistakes.update} writes the responses
 * into the file instead.
 */
class ApiMistakesIT {
    private static final Path MANUAL = Path.of("docs/api-mistakes.md");
    private static final Pattern EXCHANGE =
            Pattern.compile("(?ms)^```sh\\n(.*?)^```\\n\\nStatus \\d+:\\n\\n```json\\n.*?^```$");
    private static final String END_OF_BODY = "\nstatus ";

    @Test
    void theManualShowsWhatTheGatewayResponds() throws Exception {
        if (!Programs.isInstalled("curl") || !Programs.isInstalled("/bin/bash")) {
            Skipped.test("ApiMistakesIT", "curl and bash (Debian: apt install curl bash)");
        }
        String manual = Files.readString(MANUAL);
        try (WholeApi api = new WholeApi(WholeApi.someRides())) {
            Matcher exchanges = EXCHANGE.matcher(manual);
            String actual = exchanges.replaceAll(exchange -> Matcher.quoteReplacement(performed(api, exchange)));

            assertThat(EXCHANGE.matcher(manual).results()).hasSize(10);
            if (System.getProperty("mistakes.update") != null) {
                Files.writeString(MANUAL, actual);
                return;
            }
            assertThat(actual).isEqualTo(manual);
        }
    }

    private static String performed(WholeApi api, MatchResult exchange) {
        String command = exchange.group(1);
        try {
            ProcessBuilder bash = new ProcessBuilder(
                            "/bin/bash",
                            "-euo",
                            "pipefail",
                            "-c",
                            "curl() { command curl -w '\\nstatus %{http_code}' \"$@\"; }\n"
                                    + command.replace("localhost:8080", "localhost:" + api.fixture.port()))
                    .redirectErrorStream(true);
            bash.environment().put("TOKEN", api.fixture.issuer.token(api.allScopes()));
            bash.environment().put("RIDES_TOKEN", api.fixture.issuer.token("rides:read"));
            Process process = bash.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            int end = output.lastIndexOf(END_OF_BODY);
            JsonObject problem = new JsonObject(output.substring(0, end));
            assertThat(problem.getString("requestId")).isNotBlank();
            problem.put("requestId", "…");
            return "```sh\n%s```\n\nStatus %s:\n\n```json\n%s\n```"
                    .formatted(command, output.substring(end + END_OF_BODY.length()), problem.encodePrettily());
        } catch (Exception e) {
            throw new IllegalStateException(command, e);
        }
    }
}
