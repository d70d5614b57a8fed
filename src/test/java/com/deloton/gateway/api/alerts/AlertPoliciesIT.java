package com.deloton.gateway.api.alerts;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static com.deloton.gateway.testing.ApiFixture.PSEUDONYMOUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Main;
import com.deloton.gateway.api.FleetApiFixture;
import com.deloton.gateway.testing.TestServers.Database;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The comparison of both alert policies, by API and by command, on rides of a simulated fleet. */
class AlertPoliciesIT extends FleetApiFixture {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theCustomersPolicyRaisesTheAlertsThatAreStored() throws Exception {
        JsonObject answer =
                api.json("compareAlertPolicies", "policy", "customer", "during", "2026-11-24", "limit", 200);
        JsonObject total = answer.getJsonObject("total");

        assertThat(answer.getBoolean("complete")).isTrue();
        assertThat(total.getInteger("rides"))
                .isEqualTo((int) fixture.warehouse.count("SELECT count(*) FROM ride_series"));
        assertThat(total.getJsonObject("customer").getInteger("alerts"))
                .isPositive()
                .isEqualTo((int)
                        fixture.warehouse.count("SELECT count(*) FROM alert a JOIN ride_series s USING (ride_id)"));
        assertThat(answer.getJsonArray("rides")).hasSize((int) fixture.warehouse.count(
                "SELECT count(DISTINCT ride_id) FROM alert a JOIN ride_series s USING (ride_id)"));
        assertThat(total.getJsonObject("personal").getInteger("alerts"))
                .isLessThan(total.getJsonObject("customer").getInteger("alerts"));
        assertThat(answer.getJsonArray("groups").stream()
                        .mapToInt(group ->
                                ((JsonObject) group).getJsonObject("figures").getInteger("rides"))
                        .sum())
                .isEqualTo(total.getInteger("rides"));
    }

    @Test
    void groupsNeedTheScopeForPersonalDataAndThePeriodIsBounded() throws Exception {
        assertThat(api.json(PSEUDONYMOUS, "compareAlertPolicies", "during", "2026-11-24")
                        .containsKey("groups"))
                .isFalse();
        assertThat(api.exception(ALL, "compareAlertPolicies").pointer()).isEqualTo("/query/from");
        assertThat(api.exception(ALL, "compareAlertPolicies", "during", "2026").pointer())
                .isEqualTo("/query/to");
    }

    @Test
    void theCommandPrintsTheSameFigures() throws Exception {
        JsonObject total =
                api.json("compareAlertPolicies", "during", "2026-11-24").getJsonObject("total");

        String printed = whatIf(0, "--policy", "customer", "--from", "2026-11-24", "--to", "2026-11-24");

        assertThat(printed)
                .contains("Alerts from 2026-11-24 to 2026-11-24, per 1,000 ride-hours in parentheses")
                .containsPattern("(?m)^all +%d +[0-9.]+ +%d \\([0-9.]+\\) +%d \\([0-9.]+\\)$"
                        .formatted(
                                total.getInteger("rides"),
                                total.getJsonObject("customer").getInteger("alerts"),
                                total.getJsonObject("personal").getInteger("alerts")))
                .contains("Rides with alerts of customer, at most 50");
        assertThat(whatIf(0, "--from", "2020-01-01", "--to", "2020-01-02"))
                .contains("No rides ended between 2020-01-01 and 2020-01-02.");
    }

    @Test
    void theCommandNamesEachInvalidOption() throws Exception {
        assertThat(whatIf(2, "--policy", "mine", "--from", "2026-11-24", "--to", "2026-11-24"))
                .contains("--policy: 'mine' is not a policy; expected customer or personal, for example personal");
        assertThat(whatIf(2, "--from", "2026-11-24", "--to", "2026-11-23"))
                .contains("--to: '2026-11-23' is before --from; expected '2026-11-24' or later");
        assertThat(whatIf(2, "--from", "2024-11-24", "--to", "2026-11-23"))
                .contains("--to: '2026-11-23' is too long after --from; expected at most 366 days");
    }

    private String whatIf(int exitCode, String... options) throws Exception {
        Database database = fixture.warehouse.database();
        Path yaml = Files.writeString(
                folder.resolve("gateway.yaml"),
                "database: {host: %s, port: %d, name: %s, user: %s, password: %s}"
                        .formatted(
                                database.host(),
                                database.port(),
                                database.name(),
                                database.user(),
                                database.password()));
        List<String> args = new ArrayList<>(List.of("alerts", "what-if", "--config", yaml.toString()));
        args.addAll(Arrays.asList(options));
        StringWriter out = new StringWriter();
        CommandLine commandLine =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
        assertThat(commandLine.execute(args.toArray(String[]::new)))
                .as(out.toString())
                .isEqualTo(exitCode);
        return out.toString();
    }
}
