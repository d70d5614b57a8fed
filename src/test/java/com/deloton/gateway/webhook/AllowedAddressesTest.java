package com.deloton.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.config.webhook.WebhookConfig;
import com.deloton.gateway.config.webhook.WebhookConfig.Targets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedAddressesTest {
    private final AllowedAddresses anywhere = allowed(Targets.PUBLIC);
    private final AllowedAddresses thisMachine = allowed(Targets.THIS_MACHINE);

    static AllowedAddresses allowed(Targets targets, String... privateHosts) {
        WebhookConfig none = WebhookConfig.none();
        return new AllowedAddresses(new WebhookConfig(
                none.endpoints(),
                targets,
                Set.of(privateHosts),
                null,
                none.timeout(),
                none.sweepInterval(),
                none.firstBackoff(),
                none.maxBackoff(),
                none.giveUpAfter(),
                none.disableAfter()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "198.18.0.1",
                "203.0.113.7",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001:0:1::1",
                "fc00::1",
                "fdab::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001:db8::1"
            })
    void addressesInsideNetworksAreNotCalled(String address) throws Exception {
        assertThat(anywhere.problem("hooks.example.com", InetAddress.getByName(address), true))
                .endsWith("is not a public address; name its host in webhook.private-hosts to allow it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"})
    void publicAddressesAreCalledByHttpsOnly(String address) throws Exception {
        assertThat(anywhere.problem("hooks.example.com", InetAddress.getByName(address), true))
                .isNull();
        assertThat(anywhere.problem("hooks.example.com", InetAddress.getByName(address), false))
                .isEqualTo("http is allowed for webhook.private-hosts only; expected an https URL");
        assertThat(thisMachine.problem("hooks.example.com", InetAddress.getByName(address), true))
                .endsWith("is not on this machine; webhook.targets is this-machine");
    }

    @Test
    void namedHostsMayHavePrivateAddresses() throws Exception {
        InetAddress address = InetAddress.getByName("10.0.0.7");

        assertThat(allowed(Targets.PUBLIC, "Alerts.internal").problem("alerts.INTERNAL", address, false))
                .isNull();
        assertThat(allowed(Targets.PUBLIC, "alerts.internal").problem("other.internal", address, true))
                .isNotNull();
    }

    @Test
    void anAddressWrittenAsAHostIsCheckedToo() {
        assertThatThrownBy(() -> anywhere.resolve("127.0.0.1", true)).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> anywhere.resolve("[::1]", true)).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> anywhere.resolve("localhost", true)).isInstanceOf(UnknownHostException.class);
    }
}
