package com.deloton.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The mail server, and to whom mail may go.
 *
 * @param username null to send without a login
 * @param password null exactly if {@code username} is
 * @param trustCert PEM file of the authorities to trust; null trusts those of the JVM
 * @param from the sender's address
 * @param fromName the sender's name
 * @param allowedDomains mail goes to addresses in these domains and those below them only; {@value #ANY} is every
 * @param poolSize most connections at a time
 * @param timeout longest time for a mail, connecting included
 */
public record MailConfig(
        String host,
        int port,
        Security security,
        @Nullable String username,
        @Nullable String password,
        @Nullable Path trustCert,
        String from,
        String fromName,
        Set<String> allowedDomains,
        int poolSize,
        Duration timeout) {
    public static final String ANY = "*";

    /** How the connection is encrypted. */
    public enum Security {
        /** Not at all: for a server on the same machine. */
        PLAIN,
        /** By STARTTLS, or no mail leaves. */
        STARTTLS,
        /** From the first byte. */
        TLS
    }

    public MailConfig {
        require(port >= 1 && port <= 65_535, "mail.port", port, "a port from 1 to 65535");
        require((username == null) == (password == null), "mail.password", "missing or alone", "both or neither");
        require(from.indexOf('@') > 0, "mail.from", from, "an address");
        require(poolSize >= 1, "mail.pool-size", poolSize, "a whole number from 1");
        require(timeout.toMillis() >= 100, "mail.timeout", timeout, "100ms or more");
        allowedDomains = allowedDomains.stream()
                .map(d -> d.strip().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void require(boolean right, String key, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(key + " cannot be " + value + "; give " + expected);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MailConfig[%s:%d, %s, from=%s, allowedDomains=%s]"
                .formatted(host, port, security, from, allowedDomains);
    }
}
