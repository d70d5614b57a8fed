package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.api.alerts.PolicyTrials;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.ingest.heartrate.HeartRateMonitor;
import com.deloton.gateway.ride.AgeGroup;
import com.deloton.gateway.ride.heartrate.PolicyTrial;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Alerts;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Policy;
import com.deloton.gateway.ride.heartrate.PolicyTrial.Tally;
import com.deloton.gateway.store.Database;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands about heart-rate alerts. */
@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Examines heart-rate alerts.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = AlertsCommand.WhatIf.class)
final class AlertsCommand {
    /** Prints how many alerts each policy would have raised for stored rides. */
    @Command(
            name = "what-if",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = {
                "Prints how many alerts each policy would have raised for the rides of a period, by age and gender.",
                "Reads only. Needs only the settings database.*, and uses those of heart-rate.*."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:success",
                "1:the rides cannot be read",
                "2:the command line or the configuration is invalid; every error is listed"
            },
            footerHeading = "%nExamples:%n",
            footer = "  alerts what-if --policy personal --from 2026-11-01 --to 2026-11-30 --config gateway.yaml")
    static final class WhatIf implements Callable<Integer> {
        private static final int MAX_RIDES = 1_000_000;
        private static final Duration TIME_LIMIT = Duration.ofHours(1);

        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                description = "policy whose alerts are listed by ride: customer or personal; default: personal")
        private String policy = "personal";

        @Option(
                names = "--from",
                paramLabel = "DATE",
                required = true,
                description = "first day in UTC, YYYY-MM-DD, for example 2026-11-01",
                converter = ReportCommand.Day.class)
        private LocalDate from = LocalDate.EPOCH;

        @Option(
                names = "--to",
                paramLabel = "DATE",
                required = true,
                description = "last day in UTC, YYYY-MM-DD, for example 2026-11-30; at most 366 days after --from",
                converter = ReportCommand.Day.class)
        private LocalDate to = LocalDate.EPOCH;

        @Option(names = "--rides", paramLabel = "N", description = "rides to list; default: ${DEFAULT-VALUE}")
        private int rides = 50;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            return ConfigOptions.run(requireNonNull(spec), "The rides cannot be read", this::load, this::examine);
        }

        private GatewayConfig load() {
            policy();
            checkPeriod();
            return options.load("database", "heart-rate");
        }

        private int examine(GatewayConfig config, Vertx vertx) {
            PolicyTrials trials = new PolicyTrials(
                    vertx, Database.pool(vertx, config.database()), HeartRateMonitor.policy(config.heartRate()));
            Policy listed = policy();
            PolicyTrials.Result result = trials.run(
                            from.atStartOfDay(ZoneOffset.UTC).toInstant(),
                            to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                            MAX_RIDES,
                            listed,
                            Math.max(0, rides),
                            TIME_LIMIT)
                    .await();
            print(result, listed);
            return 0;
        }

        private Policy policy() {
            for (Policy known : Policy.values()) {
                if (known.label().equals(policy.toLowerCase(Locale.ROOT))) {
                    return known;
                }
            }
            throw new IllegalArgumentException(
                    "--policy: '" + policy + "' is not a policy; expected customer or personal, for example personal");
        }

        private void checkPeriod() {
            if (to.isBefore(from)) {
                throw new IllegalArgumentException(
                        "--to: '%s' is before --from; expected '%s' or later".formatted(to, from));
            }
            if (to.isAfter(from.plusDays(PolicyTrials.LONGEST.toDays() - 1))) {
                throw new IllegalArgumentException("--to: '%s' is too long after --from; expected at most %d days"
                        .formatted(to, PolicyTrials.LONGEST.toDays()));
            }
        }

        private void print(PolicyTrials.Result result, Policy listed) {
            PrintWriter out = requireNonNull(spec).commandLine().getOut();
            PolicyTrial trial = result.trial();
            if (trial.total().rides() == 0) {
                out.printf("No rides ended between %s and %s.%n", from, to);
                return;
            }
            out.printf(Locale.ROOT, "Alerts from %s to %s, per 1,000 ride-hours in parentheses%n%n", from, to);
            out.printf("%-9s %-8s %8s %10s %20s %20s%n", "age", "gender", "rides", "hours", "customer", "personal");
            trial.groups().forEach(group -> {
                AgeGroup age = group.getKey().age();
                print(
                        out,
                        age == null ? "unknown" : age.label(),
                        group.getKey().gender().label(),
                        group.getValue());
            });
            print(out, "all", "", trial.total());
            Alerts personal = trial.total().personal();
            out.printf(
                    "%nOf the alerts of personal: %d outside the range, %d high while not pedalling, %d without recovery.%n",
                    personal.range(), personal.notPedalling(), personal.noRecovery());
            out.printf("%nRides with alerts of %s, at most %d%n", listed.label(), Math.max(0, rides));
            trial.listedRides()
                    .forEach(ride -> out.printf(
                            "%d customer %d personal %d%n",
                            ride.rideId(),
                            ride.customer().total(),
                            ride.personal().total()));
            if (!result.complete()) {
                out.printf("%nThe period has more rides; expected at most %d%n", MAX_RIDES);
            }
            out.flush();
        }

        private static void print(PrintWriter out, String age, String gender, Tally tally) {
            out.printf(
                    Locale.ROOT,
                    "%-9s %-8s %8d %10.1f %20s %20s%n",
                    age,
                    gender,
                    tally.rides(),
                    tally.rideHours(),
                    rate(tally, tally.customer()),
                    rate(tally, tally.personal()));
        }

        private static String rate(Tally tally, Alerts alerts) {
            return String.format(Locale.ROOT, "%d (%.1f)", alerts.total(), tally.perThousandHours(alerts));
        }
    }
}
