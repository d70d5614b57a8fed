package com.deloton.infra.broker;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.settings.Settings.SaslMechanism;
import com.pulumi.core.Output;
import java.util.Optional;

/**
 * How the gateway reaches Kafka.
 *
 * @param zoneRacks the racks of the brokers by zone, as {@code kafka.zone-racks} takes them; empty if unknown
 */
public record BrokerAccess(
        Output<String> bootstrapServers,
        SaslMechanism mechanism,
        Login login,
        String topic,
        String groupId,
        Optional<Output<String>> zoneRacks) {

    /** Where a task finds its login. */
    public sealed interface Login {
        /** The secret's ARN. */
        Output<String> arn();
    }

    /** A secret that holds the client's whole {@code sasl.jaas.config}, and changes with the stack's settings. */
    public record StoredJaas(Output<String> arn) implements Login {}

    /** A secret with the field {@code password}, which may be rotated: a task reads the current one when it starts. */
    public record RotatedLogin(Output<String> arn, String username) implements Login {}

    /** @param password or a reference that the Kafka client resolves, such as {@code ${env:NAME}} */
    public static String jaas(SaslMechanism mechanism, String username, String password) {
        return "%s required username=\"%s\" password=\"%s\";"
                .formatted(mechanism.loginModule, quoted(username), quoted(password));
    }

    static StoredJaas stored(
            Component owner, SaslMechanism mechanism, Output<String> username, Output<String> password) {
        Output<String> value =
                Output.tuple(username, password).applyValue(login -> jaas(mechanism, login.t1, login.t2));
        return new StoredJaas(StoredSecret.of(owner, "kafka-jaas", value).arn());
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
