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
 * The mail server, and the permitted recipients.
 *
 * @param username null to send without authentication
 * @param password null if and only if {@code username} is null
 * @param trustCert PEM file of trusted authorities; null for those of the JVM
 * @param from address of the sender
 * @param fromName name of the sender
 * @param allowedDomains recipients must be in these domains or their subdomains; {@value #ANY} allows every domain
 * @param poolSize maximum number of connections
 * @param timeout to connect and transmit a mail; the wait for the answer to its end is three times as long
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
        /** Unencrypted: only for a server on the same machine. */
        PLAIN,
        /** STARTTLS is required. */
        STARTTLS,
        /** Implicit TLS. */
        TLS
    }

    public MailConfig {
        require(port >= 1 && port <= 65_535, "mail.port", port, "a port from 1 to 65535");
        require(
                (username == null) == (password == null),
                "mail.password",
                "set without the other",
                "mail.user and mail.password, or neither");
        require(from.indexOf('@') > 0, "mail.from", from, "an address");
        require(poolSize >= 1, "mail.pool-size", poolSize, "a whole number from 1");
        require(timeout.toMillis() >= 100, "mail.timeout", timeout, "100ms or more");
        allowedDomains = allowedDomains.stream()
                .map(d -> d.strip().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A copy with another timeout. */
    public MailConfig withTimeout(Duration newTimeout) {
        return new MailConfig(
                host,
                port,
                security,
                username,
                password,
                trustCert,
                from,
                fromName,
                allowedDomains,
                poolSize,
                newTimeout);
    }

    /** Null without a server or sender; reports each missing setting if the section is {@code needed}. */
    static @Nullable MailConfig read(Settings settings, boolean needed) {
        String host = settings.key("mail.host", "Host of the mail server; the roles alert and report need it.")
                .textOrNull();
        int port = settings.key("mail.port", "Port of the mail server.").integer(587, 1, 65_535);
        Security security = settings.key(
                        "mail.security", "Encryption of the connection; plain only for a server on the same machine.")
                .oneOf(Security.class, Security.STARTTLS);
        String username = settings.key(
                        "mail.user", "Login at the mail server; without it, mail is sent unauthenticated.")
                .textOrNull();
        Secret password =
                settings.key("mail.password", "Password of mail.user.").secretOrNull();
        Path trustCert = settings.key("mail.trust-cert", "PEM file of trusted authorities; default those of the JVM.")
                .pathOrNull();
        String from = settings.key("mail.from", "Address of the sender; the roles alert and report need it.")
                .textOrNull();
        String fromName = settings.key("mail.from-name", "Name of the sender.").text("Deloton");
        List<String> allowed = settings.key(
                        "mail.allowed-domains",
                        "Recipients must be in these domains or their subdomains; * allows every domain.")
                .list("a list of domains, or *", List.of(), domain -> !domain.contains("@"));
        int poolSize = settings.key("mail.pool-size", "Maximum connections to the mail server.")
                .integer(8, 1, 100);
        Duration timeout = settings.key(
                        "mail.timeout",
                        "Timeout to connect and transmit a mail; its acceptance may take three times as long.")
                .duration("10s", "100ms", "5m");
        if ((username == null) != (password == null)) {
            settings.invalid("mail.password", "and mail.user require each other; expected both or neither");
        }
        if (from != null && from.indexOf('@') < 1) {
            settings.invalid("mail.from", "is not an address; expected one such as alerts@example.com");
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

    private static void require(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(key + " is " + value + "; expected " + expected);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MailConfig[%s:%d, %s, from=%s, allowedDomains=%s]"
                .formatted(host, port, security, from, allowedDomains);
    }
}
