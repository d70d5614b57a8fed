package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** The same server, for mails that may take longer or must be quicker. */
    public MailConfig withTimeout(Duration longest) {
        return new MailConfig(
                host, port, security, username, password, trustCert, from, fromName, allowedDomains, poolSize, longest);
    }

    /** Null, and a fault for each setting that is missing if the section is {@code needed}, without a server or sender. */
    static @Nullable MailConfig read(Settings settings, boolean needed) {
        String host = settings.key("mail.host", "Mail server; the roles alert and report need it.")
                .textOrNull();
        int port = settings.key("mail.port", "Its port.").integer(587, 1, 65_535);
        Security security = settings.key(
                        "mail.security",
                        "How the connection is encrypted; plain only for a server on the same machine.")
                .oneOf(Security.class, Security.STARTTLS);
        String username = settings.key("mail.user", "Login at the mail server; none sends without one.")
                .textOrNull();
        Secret password = settings.key("mail.password", "The login's password.").secretOrNull();
        Path trustCert = settings.key("mail.trust-cert", "PEM file of the authorities to trust; none trusts Java's.")
                .pathOrNull();
        String from = settings.key("mail.from", "Address that mails come from; the roles alert and report need it.")
                .textOrNull();
        String fromName =
                settings.key("mail.from-name", "Name that mails come from.").text("Deloton");
        List<String> allowed = settings.key(
                        "mail.allowed-domains", "Mail goes to these domains and those below them only; * is every.")
                .list("a list of domains, or *", List.of(), domain -> !domain.contains("@"));
        int poolSize = settings.key("mail.pool-size", "Most connections to the mail server.")
                .integer(8, 1, 100);
        Duration timeout = settings.key("mail.timeout", "Longest time for a mail, connecting included.")
                .duration("10s", "100ms", "5m");
        if ((username == null) != (password == null)) {
            settings.fault("mail.password", "and mail.user go together; give both or neither");
        }
        if (from != null && from.indexOf('@') < 1) {
            settings.fault("mail.from", "is no address; give one such as alerts@example.com");
        }
        if (needed) {
            missing(settings, "mail.host", host == null);
            missing(settings, "mail.from", from == null);
            missing(settings, "mail.allowed-domains", allowed.isEmpty());
        }
        if (host == null || from == null || from.indexOf('@') < 1 || (username == null) != (password == null)) {
            return null;
        }
        return new MailConfig(
                host,
                port,
                security,
                username,
                password == null ? null : password.reveal(),
                trustCert,
                from,
                fromName,
                Set.copyOf(allowed),
                poolSize,
                timeout);
    }

    private static void missing(Settings settings, String key, boolean missing) {
        if (missing) {
            settings.missing(key, "the roles alert and report need it");
        }
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
