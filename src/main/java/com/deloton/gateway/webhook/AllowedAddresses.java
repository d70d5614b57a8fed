package com.deloton.gateway.webhook;

import com.deloton.gateway.config.webhook.WebhookConfig;
import com.deloton.gateway.config.webhook.WebhookConfig.Targets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides which addresses may be called, so that the owner of a name cannot direct calls to servers inside the network.
 * All addresses of a name are checked, and the call goes to a checked one.
 */
final class AllowedAddresses {
    /** Special-purpose blocks that {@link InetAddress} does not name: RFC 6890, RFC 6598, RFC 4193 and others. */
    private static final List<Block> SPECIAL = Block.all(
            "0.0.0.0/8",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "::/96",
            "::ffff:0:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fec0::/10");

    private final WebhookConfig config;

    AllowedAddresses(WebhookConfig config) {
        this.config = config;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Block(byte[] network, int bits) {
        static List<Block> all(String... blocks) {
            return Arrays.stream(blocks).map(Block::of).toList();
        }

        private static Block of(String text) {
            String[] parts = text.split("/", 2);
            return new Block(InetAddress.ofLiteral(parts[0]).getAddress(), Integer.parseInt(parts[1]));
        }

        boolean contains(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * The addresses of a host, all of which may be called. Blocks.
     *
     * @throws UnknownHostException if the name has no address, or one that may not be called
     */
    List<InetAddress> resolve(String host, boolean encrypted) throws UnknownHostException {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        List<InetAddress> addresses = List.of(InetAddress.getAllByName(name));
        for (InetAddress address : addresses) {
            String problem = problem(name, address, encrypted);
            if (problem != null) {
                throw new UnknownHostException(problem);
            }
        }
        return addresses;
    }

    /** Why an address may not be called; null if it may. */
    @Nullable
    String problem(String host, InetAddress address, boolean encrypted) {
        if (config.targets() == Targets.THIS_MACHINE) {
            return address.isLoopbackAddress()
                    ? null
                    : "%s is not on this machine; webhook.targets is this-machine".formatted(address.getHostAddress());
        }
        if (config.privateHosts().contains(host.toLowerCase(Locale.ROOT))) {
            return null;
        }
        if (!isPublic(address)) {
            return "%s is not a public address; name its host in webhook.private-hosts to allow it"
                    .formatted(address.getHostAddress());
        }
        return encrypted ? null : "http is allowed for webhook.private-hosts only; expected an https URL";
    }

    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean named = address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        return !named && SPECIAL.stream().noneMatch(block -> block.contains(bytes));
    }
}
