package com.deloton.gateway;

import static java.util.Objects.requireNonNull;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.doctor.TopicGrants;
import com.deloton.gateway.doctor.TopicSetup;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code topics}: creates the topics of the gateway, and the ACLs of their readers and writers. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Creates the topics kafka.topic and, if set, live.fleet-topic, and the ACLs of the given principals, unless"
                        + " they exist. Needs only the settings kafka.* and live.*, with a login that may create them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:topic and ACLs exist, or would be created (--plan)",
            "1:the brokers did not answer, or refused",
            "2:the command line or the configuration is not valid"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  topics --plan --config gateway.yaml",
            "  topics --partitions 24 --retention-days 3 --config gateway.yaml",
            "  topics --gateway User:deloton-gateway --bike User:bikes --config admin.yaml"
        })
final class TopicsCommand implements Callable<Integer> {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "Number of partitions, the most consumers that can share the work (default: ${DEFAULT-VALUE}).")
    private int partitions = 12;

    @Option(
            names = "--retention-days",
            paramLabel = "N",
            description = "Days that the brokers keep a record (default: ${DEFAULT-VALUE}).")
    private int retentionDays = 7;

    @Option(
            names = "--gateway",
            paramLabel = "PRINCIPAL",
            description = "May read the topic in the group kafka.group-id; repeatable.")
    private List<String> gateways = List.of();

    @Option(names = "--bike", paramLabel = "PRINCIPAL", description = "May write to the topic; repeatable.")
    private List<String> bikes = List.of();

    @Option(names = "--plan", description = "Print what would be created and change nothing.")
    private boolean plan;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = requireNonNull(spec).commandLine().getOut();
        PrintWriter err = requireNonNull(spec).commandLine().getErr();
        requirePositive("--partitions", partitions);
        requirePositive("--retention-days", retentionDays);
        requirePrincipals("--gateway", gateways);
        requirePrincipals("--bike", bikes);
        try {
            GatewayConfig config = options.load("kafka", "live");
            KafkaConfig kafka = config.kafka();
            String fleetTopic = config.live().fleetTopic();
            create(
                    TopicSetup.stream(kafka, partitions, Duration.ofDays(retentionDays)),
                    "%d days".formatted(retentionDays),
                    out);
            if (fleetTopic != null) {
                create(TopicSetup.fleet(kafka, fleetTopic, partitions), "compacted, 1 hour", out);
            }
            grant(new TopicGrants(kafka, fleetTopic, gateways, bikes), out);
            return 0;
        } catch (ConfigException e) {
            err.println(e.getMessage());
            return 2;
        } catch (TopicSetup.TopicException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private void create(TopicSetup setup, String kept, PrintWriter out)
            throws TopicSetup.TopicException, InterruptedException {
        Optional<Integer> existing = setup.existing();
        String topic = "topic %s with %d partitions, %s".formatted(setup.topic(), setup.partitions(), kept);
        if (existing.isPresent()) {
            out.println(
                    "topic %s exists with %d partitions; nothing was changed".formatted(setup.topic(), existing.get()));
        } else if (plan) {
            out.println("would create " + topic);
        } else {
            setup.create();
            out.println("created " + topic);
        }
    }

    private void grant(TopicGrants grants, PrintWriter out) throws TopicSetup.TopicException, InterruptedException {
        if (gateways.isEmpty() && bikes.isEmpty()) {
            return;
        }
        List<TopicGrants.Grant> missing = grants.missing();
        if (missing.isEmpty()) {
            out.println("all ACLs exist; nothing was changed");
        } else if (!plan) {
            grants.create(missing);
        }
        missing.forEach(grant -> out.println((plan ? "would grant " : "granted ") + grant));
    }

    private void requirePrincipals(String option, List<String> principals) {
        for (String principal : principals) {
            if (!principal.matches("\\w+:\\S.*")) {
                throw new ParameterException(
                        requireNonNull(spec).commandLine(),
                        "%s '%s' is not a principal; expected TYPE:NAME, for example User:deloton-gateway"
                                .formatted(option, principal));
            }
        }
    }

    private void requirePositive(String option, int value) {
        if (value < 1 || value > 10_000) {
            throw new ParameterException(
                    requireNonNull(spec).commandLine(),
                    "%s %d is not valid; expected a whole number from 1 to 10000".formatted(option, value));
        }
    }
}
