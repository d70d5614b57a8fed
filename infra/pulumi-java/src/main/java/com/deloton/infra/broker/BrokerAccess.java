package com.deloton.infra.broker;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.settings.Settings.SaslMechanism;
import com.pulumi.core.Output;

/**
 * How the gateway reaches Kafka.
 *
 * @param loginArn the secret that holds the client's whole {@code sasl.jaas.config}
 */
public record BrokerAccess(
        Output<String> bootstrapServers,
        SaslMechanism mechanism,
        Output<String> loginArn,
        String topic,
        String groupId) {

    static StoredSecret jaas(
            Component owner, SaslMechanism mechanism, Output<String> username, Output<String> password) {
        Output<String> value = Output.tuple(username, password)
                .applyValue(login -> "%s required username=\"%s\" password=\"%s\";"
                        .formatted(mechanism.loginModule, quoted(login.t1), quoted(login.t2)));
        return StoredSecret.of(owner, "kafka-jaas", value);
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
