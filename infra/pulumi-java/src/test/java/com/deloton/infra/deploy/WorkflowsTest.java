package com.deloton.infra.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The workflows of GitHub Actions: pinned actions, least permissions, no untrusted text in scripts. */
class WorkflowsTest {
    private static final Path FOLDER = Path.of("..", "..", ".github", "workflows");
    private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
    private static final Pattern USES = Pattern.compile("(?m)uses: (\\S+)(.*)$");
    private static final Map<String, String> READ = Map.of("contents", "read");

    static List<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @Test
    void thereAreWorkflowsForBuildReleasePreviewAndCanary() throws IOException {
        assertThat(workflows())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("canary.yml", "ci.yml", "preview.yml", "release.yml");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void actionsArePinnedByCommitAndNamedByVersion(Path workflow) throws IOException {
        assertThat(USES.matcher(Files.readString(workflow)).results())
                .isNotEmpty()
                .allSatisfy(use -> {
                    assertThat(use.group(1)).matches(PINNED);
                    assertThat(use.group(2)).matches(" # v\\d+\\.\\d+\\.\\d+");
                });
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void permissionsAreTheLeast(Path workflow) {
        Map<String, Object> file = load(workflow);
        assertThat(file.get("permissions")).isIn(Map.of(), READ);
        jobs(file).forEach((name, job) -> {
            assertThat(job.get("timeout-minutes")).as(name).isInstanceOf(Integer.class);
            Object permissions = job.getOrDefault("permissions", file.get("permissions"));
            if (permissions.equals(READ)) {
                return;
            }
            assertThat(permissions).as(name).isEqualTo(Map.of("contents", "read", "id-token", "write"));
            assertThat(job.get("environment"))
                    .as("%s: a token of AWS needs the approval of an environment", name)
                    .isNotNull();
        });
    }

    /** {@code on} is a truth value in YAML 1.1. */
    @ParameterizedTest
    @MethodSource("workflows")
    void noWorkflowRunsForeignCodeWithRights(Path workflow) {
        assertThat(load(workflow).get(true).toString()).doesNotContain("pull_request_target", "workflow_run");
    }

    /** An expression in a script is text that GitHub inserts: values go through the environment. */
    @ParameterizedTest
    @MethodSource("workflows")
    void scriptsHaveNoExpressions(Path workflow) {
        jobs(load(workflow))
                .values()
                .forEach(job -> steps(job)
                        .filter(step -> step.containsKey("run"))
                        .forEach(step -> assertThat(step.get("run").toString()).doesNotContain("${{")));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void aCheckoutKeepsNoCredentialsWhereAJobHasRights(Path workflow) {
        jobs(load(workflow)).values().stream()
                .filter(job -> String.valueOf(job.get("permissions")).contains("id-token"))
                .flatMap(WorkflowsTest::steps)
                .filter(step -> String.valueOf(step.get("uses")).startsWith("actions/checkout@"))
                .forEach(step -> assertThat(step.get("with")).isEqualTo(Map.of("persist-credentials", false)));
    }

    @Test
    void aReleaseMigratesVerifiesAndRollsBackByDigest() {
        Map<String, Object> release = jobs(load(FOLDER.resolve("release.yml"))).get("release");
        assertThat(steps(release).map(step -> step.getOrDefault("name", "")).filter(name -> !name.equals("")))
                .containsExactly("Push the images", "Remember what runs", "Migrate and roll", "Verify", "Roll back");
        assertThat(steps(release).filter(step -> "Roll back".equals(step.get("name"))))
                .singleElement()
                .satisfies(step -> assertThat(step.get("if").toString()).contains("failure()"));
    }

    @Test
    void aReleaseCreatesTopicsThenMigratesThenRollsTheArchiveAndTheServices() throws IOException {
        assertThat(Path.of("release.sh"))
                .content()
                .containsSubsequence(
                        "\nonce topics ",
                        "\nonce migrate ",
                        "register archive ",
                        "update-service --cluster \"$cluster\" --service \"$name-ingest\"",
                        "update-service --cluster \"$cluster\" --service \"$name-web\"");
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void everyScriptThatIsCalledExists(Path workflow) throws IOException {
        Pattern.compile("(?:infra|ops)/[\\w/-]+\\.sh|\\.ci/run")
                .matcher(Files.readString(workflow))
                .results()
                .forEach(script -> assertThat(Path.of("..", "..").resolve(script.group()))
                        .exists()
                        .isExecutable());
    }

    private static Map<String, Object> load(Path file) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> jobs(Map<String, Object> file) {
        return (Map<String, Map<String, Object>>) file.get("jobs");
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> steps(Map<String, Object> job) {
        return ((List<Map<String, Object>>) job.get("steps")).stream();
    }
}
