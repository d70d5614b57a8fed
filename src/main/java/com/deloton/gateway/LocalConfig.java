package com.deloton.gateway;

import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.settings.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The configuration of a gateway on local servers: the user's files and variables, with the addresses of those servers.
 *
 * @param files YAML files of the user
 * @param environment of which {@code DELOTON_} variables override the files
 */
record LocalConfig(List<Path> files, Map<String, String> environment) {

    /** Keys that the embedded servers decide (all below one that ends in a dot), and what to do instead. */
    private static final Map<String, String> OWN = Map.ofEntries(
            Map.entry("http.port", "use --http-port"),
            Map.entry("http.management.port", "use --management-port"),
            Map.entry("http.management.host", "local listens on this machine only; use serve"),
            Map.entry("http.host", "local listens on this machine only; use serve"),
            Map.entry("kafka.bootstrap-servers", "use --kafka-port, or serve for another broker"),
            Map.entry("kafka.topic", "local creates the topic; use serve for another topic"),
            Map.entry("database.host", "use --postgres-port, or serve for another database"),
            Map.entry("database.port", "use --postgres-port"),
            Map.entry("database.name", "local creates the database; use serve for another one"),
            Map.entry("database.user", "local creates the user; use serve for another database"),
            Map.entry("database.password", "local creates the password"),
            Map.entry("mail.host", "use --smtp-port, or serve for another mail server"),
            Map.entry("mail.port", "use --smtp-port"),
            Map.entry("mail.security", "the embedded mail server does not encrypt"),
            Map.entry("mail.user", "the embedded mail server needs no login"),
            Map.entry("mail.password", "the embedded mail server needs no login"),
            Map.entry("webhook.targets", "local calls webhooks on this machine only; use serve for other endpoints"),
            Map.entry("api.jwt.", "local issues its own tokens; use serve for another issuer"));

    /** Settings of a gateway on local servers that the user may override. */
    private static final Map<String, String> DEFAULTS = Map.of(
            // The broker's lowest limit: how long it waits for a killed consumer before the next one may read.
            "kafka.properties.session.timeout.ms", "6000",
            "mail.from", "alerts@example.com",
            "mail.allowed-domains", "example.com",
            "report.recipients", "staff@example.com",
            "report.names", "true");

    /**
     * The addresses of the local servers.
     *
     * @param secret for signing the links in mails
     * @param tokens the variables that make the gateway accept development tokens
     */
    record Servers(
            int httpPort,
            int managementPort,
            String kafka,
            String topic,
            String databaseHost,
            int databasePort,
            String database,
            String user,
            String password,
            String mailHost,
            int mailPort,
            String secret,
            Map<String, String> tokens) {

        /** Valid addresses without servers, to check the user's settings before any server starts. */
        static Servers placeholder(int httpPort, int managementPort) {
            String text = "x".repeat(32);
            Map<String, String> tokens =
                    Map.of("DELOTON_API_JWT_ISSUER", text, "DELOTON_API_JWT_JWKS_URL", "http://localhost:1/");
            return new Servers(
                    httpPort,
                    managementPort,
                    "localhost:1",
                    "deloton",
                    "localhost",
                    1,
                    text,
                    text,
                    text,
                    "localhost",
                    1,
                    text,
                    tokens);
        }
    }

    /** @throws ConfigException with all faults, among them settings that the embedded servers decide */
    GatewayConfig load(Servers servers) {
        Set<String> given = ConfigLoader.given(files, environment);
        List<ConfigException.Problem> conflicts = new ArrayList<>();
        for (String key : given) {
            OWN.forEach((own, instead) -> conflict(key, own, instead, conflicts));
        }
        if (!conflicts.isEmpty()) {
            throw new ConfigException(conflicts);
        }
        Map<String, String> variables = new TreeMap<>(environment);
        DEFAULTS.forEach((key, value) -> putUnless(given::contains, key, value, variables));
        putUnless(given::contains, "http.public-url", "http://localhost:" + servers.httpPort, variables);
        putUnless(given::contains, "alert.link-secret", servers.secret, variables);
        put("http.port", String.valueOf(servers.httpPort), variables);
        put("http.management.port", String.valueOf(servers.managementPort), variables);
        put("kafka.bootstrap-servers", servers.kafka, variables);
        put("kafka.topic", servers.topic, variables);
        put("database.host", servers.databaseHost, variables);
        put("database.port", String.valueOf(servers.databasePort), variables);
        put("database.name", servers.database, variables);
        put("database.user", servers.user, variables);
        put("database.password", servers.password, variables);
        put("mail.host", servers.mailHost, variables);
        put("mail.port", String.valueOf(servers.mailPort), variables);
        put("mail.security", "plain", variables);
        put("webhook.targets", "this-machine", variables);
        variables.putAll(servers.tokens);
        return ConfigLoader.load(files, variables);
    }

    private static void conflict(String key, String own, String instead, List<ConfigException.Problem> conflicts) {
        if (key.equals(own) || (own.endsWith(".") && key.startsWith(own))) {
            conflicts.add(new ConfigException.Problem(
                    ConfigException.Problem.Kind.INVALID, key, "cannot be set for the command local; " + instead));
        }
    }

    private static void putUnless(Predicate<String> given, String key, String value, Map<String, String> variables) {
        if (!given.test(key)) {
            put(key, value, variables);
        }
    }

    private static void put(String key, String value, Map<String, String> variables) {
        variables.put(ConfigLoader.variable(key), value);
    }
}
