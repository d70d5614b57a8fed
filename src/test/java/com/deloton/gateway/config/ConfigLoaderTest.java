package com.deloton.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.archive.ArchiveConfig;
import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.config.settings.ConfigException.Problem;
import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.tracing.TracingConfig;
import com.deloton.gateway.config.webhook.WebhookConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String LINK_SECRET = "0123456789abcdef0123456789abcdef";
    private static final Map<String, String> MANDATORY = Map.ofEntries(
            Map.entry("DELOTON_KAFKA_BOOTSTRAP_SERVERS", "broker:9092"),
            Map.entry("DELOTON_DATABASE_HOST", "db.example.com"),
            Map.entry("DELOTON_DATABASE_USER", "gateway"),
            Map.entry("DELOTON_DATABASE_PASSWORD", "hunter2"),
            Map.entry("DELOTON_MAIL_HOST", "mail.example.com"),
            Map.entry("DELOTON_MAIL_FROM", "alerts@example.com"),
            Map.entry("DELOTON_MAIL_ALLOWED_DOMAINS", "example.com"),
            Map.entry("DELOTON_ALERT_LINK_SECRET", LINK_SECRET),
            Map.entry("DELOTON_REPORT_RECIPIENTS", "ceo@example.com"),
            Map.entry("DELOTON_API_JWT_ISSUER", "https://id.example.com/"),
            Map.entry("DELOTON_API_JWT_JWKS_URL", "https://id.example.com/keys"));

    @TempDir
    Path folder = Path.of("");

    @Test
    void servesHealthAndMetricsOnTheSamePortIfBothSettingsNameIt() {
        Map<String, String> same = with("DELOTON_HTTP_PORT", "9000");
        same.put("DELOTON_HTTP_MANAGEMENT_PORT", "9000");
        Map<String, String> any = with("DELOTON_HTTP_PORT", "0");
        any.put("DELOTON_HTTP_MANAGEMENT_PORT", "0");

        assertThat(ConfigLoader.load(List.of(), same).http().management()).isNull();
        assertThat(ConfigLoader.load(List.of(), any).http().management())
                .isEqualTo(new HttpConfig.Management("127.0.0.1", 0));
    }

    @Test
    void theMandatorySettingsAreEnough() {
        GatewayConfig config = ConfigLoader.load(List.of(), MANDATORY);

        assertThat(config.roles()).isEqualTo(EnumSet.allOf(Role.class));
        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        "127.0.0.1",
                        8080,
                        "http://localhost:8080",
                        null,
                        new HttpConfig.Management("127.0.0.1", 8081)));
        assertThat(config.kafka()).isEqualTo(new KafkaConfig("broker:9092", "deloton", "deloton-gateway", Map.of()));
        assertThat(config.ingest())
                .isEqualTo(new IngestConfig(1, Duration.ofSeconds(1), 200_000, Duration.ofMinutes(30)));
        assertThat(config.database())
                .isEqualTo(new DatabaseConfig(
                        "db.example.com",
                        5432,
                        "deloton",
                        "gateway",
                        new Secret("hunter2"),
                        SslMode.VERIFY_FULL,
                        null,
                        10,
                        true,
                        null,
                        null));
    }

    @Test
    void withoutTheRoleAlertNoMailServerIsNeeded() {
        Map<String, String> env = with("DELOTON_GATEWAY_ROLES", "ingest");
        env.keySet().removeIf(name -> name.contains("_MAIL_") || name.contains("_ALERT_"));

        assertThat(ConfigLoader.load(List.of(), env).mail()).isNull();
        env.put("DELOTON_GATEWAY_ROLES", "alert");
        assertThat(problems(List.of(), env))
                .containsExactlyInAnyOrder(
                        "mail.host (DELOTON_MAIL_HOST): is missing; the roles alert and report need it",
                        "mail.from (DELOTON_MAIL_FROM): is missing; the roles alert and report need it",
                        "mail.allowed-domains (DELOTON_MAIL_ALLOWED_DOMAINS): is missing; the roles alert and report need it",
                        "alert.link-secret (DELOTON_ALERT_LINK_SECRET): is missing; the role alert needs it: 32 random"
                                + " characters or more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "live"})
    void whoAnswersPeopleMustKnowWhoseTokensToBelieve(String role) {
        Map<String, String> env = with("DELOTON_GATEWAY_ROLES", role);
        env.keySet().removeIf(name -> name.contains("_JWT_"));

        assertThat(problems(List.of(), env))
                .containsExactly("api.jwt.issuer (DELOTON_API_JWT_ISSUER): is missing; the roles api and live need it");
        env.put("DELOTON_API_JWT_ISSUER", "deloton");
        assertThat(problems(List.of(), env))
                .containsExactly(
                        "api.jwt.jwks-url (DELOTON_API_JWT_JWKS_URL): is missing; it cannot be discovered, since"
                                + " api.jwt.issuer is not an https URL");
        env.put("DELOTON_API_JWT_ISSUER", "https://id.example.com");
        assertThat(ConfigLoader.load(List.of(), env).jwt()).isNotNull();
        env.remove("DELOTON_API_JWT_ISSUER");
        env.put("DELOTON_GATEWAY_ROLES", "ingest");
        assertThat(ConfigLoader.load(List.of(), env).jwt()).isNull();
    }

    @Test
    void keysComeFromOnePlaceThatNobodyCanForge() {
        assertThat(problems(List.of(), with("DELOTON_API_JWT_KEY_FILES", "/a.pem")))
                .containsExactly("api.jwt.key-files (DELOTON_API_JWT_KEY_FILES): and api.jwt.jwks-url are both"
                        + " set; expected one of them");
        for (String url : List.of("http://id.example.com/keys", "ftp://localhost/keys", "keys", "https:///x", "%")) {
            assertThat(problems(List.of(), with("DELOTON_API_JWT_JWKS_URL", url)))
                    .containsExactly(
                            "api.jwt.jwks-url (DELOTON_API_JWT_JWKS_URL): is not an https URL; http is allowed for a"
                                    + " loopback host only");
        }
        assertThat(ConfigLoader.load(List.of(), with("DELOTON_API_JWT_JWKS_URL", "http://127.0.0.1:9/keys"))
                        .jwt())
                .isNotNull();
    }

    @Test
    void theRoleReportNeedsRecipients() {
        Map<String, String> env = with("DELOTON_GATEWAY_ROLES", "report");
        env.remove("DELOTON_REPORT_RECIPIENTS");

        assertThat(problems(List.of(), env))
                .containsExactly("report.recipients (DELOTON_REPORT_RECIPIENTS): is missing; the role report needs it:"
                        + " the recipients of the daily report");
        assertThat(ConfigLoader.load(List.of(), MANDATORY).report())
                .isEqualTo(ReportConfig.to(List.of("ceo@example.com")));
    }

    @Test
    void theAlertsDefaultsAreTheDocumentedOnes() {
        assertThat(ConfigLoader.load(List.of(), MANDATORY).alert()).isEqualTo(AlertConfig.withSecret(LINK_SECRET));
    }

    @ParameterizedTest
    @CsvSource({"localhost, PREFER", "127.0.0.1, PREFER", "::1, PREFER", "10.0.0.1, VERIFY_FULL"})
    void onlyALoopbackDatabaseGoesUnverifiedByDefault(String host, SslMode mode) {
        assertThat(ConfigLoader.load(List.of(), with("DELOTON_DATABASE_HOST", host))
                        .database()
                        .sslMode())
                .isEqualTo(mode);
    }

    @Test
    void everythingCanBeSetInYaml() {
        GatewayConfig config = ConfigLoader.load(List.of(yaml("""
                        gateway:
                          roles: [ingest, live]
                        api.jwt: {issuer: "https://id.example.com/", audience: bikes, key-files: [/etc/a.pem], leeway: 1s}
                        http: {host: 0.0.0.0, port: 80, public-url: "https://ride.example.com/"}
                        kafka:
                          bootstrap-servers:
                            - a:9092
                            - b:9092
                          topic: bikes
                          group-id: g
                          properties:
                            security.protocol: SASL_SSL
                            sasl: {mechanism: PLAIN}
                        database:
                          host: db
                          port: 5433
                          name: warehouse
                          user: u
                          password: 0123
                          ssl-mode: require
                          ssl-root-cert: /etc/ca.pem
                          pool-size: 4
                          migrate-at-start: false
                          migration: {user: owner, password: o}
                        ingest: {instances: 3, flush-interval: 250ms, max-buffered-records: 5000, abandon-after: 2h}
                        """)), Map.of("PATH", "/bin"));

        assertThat(config)
                .isEqualTo(new GatewayConfig(
                        EnumSet.of(Role.INGEST, Role.LIVE),
                        new HttpConfig(
                                "0.0.0.0",
                                80,
                                "https://ride.example.com",
                                null,
                                new HttpConfig.Management("127.0.0.1", 8081)),
                        new KafkaConfig(
                                "a:9092,b:9092",
                                "bikes",
                                "g",
                                Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN")),
                        new DatabaseConfig(
                                "db",
                                5433,
                                "warehouse",
                                "u",
                                new Secret("0123"),
                                SslMode.REQUIRE,
                                Path.of("/etc/ca.pem"),
                                4,
                                false,
                                "owner",
                                new Secret("o")),
                        new IngestConfig(3, Duration.ofMillis(250), 5000, Duration.ofHours(2)),
                        HeartRateConfig.DEFAULT,
                        null,
                        null,
                        WebhookConfig.none(),
                        new JwtConfig(
                                "https://id.example.com/",
                                "bikes",
                                null,
                                List.of(Path.of("/etc/a.pem")),
                                Duration.ofSeconds(1)),
                        ApiConfig.DEFAULT,
                        LiveConfig.DEFAULT,
                        ReportConfig.DEFAULT,
                        new AnalystConfig("db", 5433, "warehouse", SslMode.REQUIRE, "tableau", Duration.ofMinutes(5)),
                        RetentionConfig.defaults(),
                        ArchiveConfig.none(),
                        TracingConfig.OFF));
    }

    @Test
    void aLaterFileOverridesAnEarlierOneAndAVariableBoth() {
        Path earlier = yaml("http: {port: 1, host: a}\nkafka.topic: one");
        Path later = yaml("http: {port: 2}\nkafka.topic: two");

        GatewayConfig config = ConfigLoader.load(List.of(earlier, later), with("DELOTON_HTTP_PORT", "3"));

        assertThat(config.http().port()).isEqualTo(3);
        assertThat(config.http().host()).isEqualTo("a");
        assertThat(config.kafka().topic()).isEqualTo("two");
    }

    @Test
    void aVariableMayNameAFileWithTheValue() {
        Map<String, String> env = new HashMap<>(MANDATORY);
        env.remove("DELOTON_DATABASE_PASSWORD");
        env.put("DELOTON_DATABASE_PASSWORD_FILE", file(" pass word \n").toString());
        env.put("DELOTON_HTTP_PORT_FILE", file("81\n").toString());
        env.put(
                "DELOTON_KAFKA_PROPERTIES_SASL_JAAS_CONFIG_FILE",
                file("login\n").toString());

        GatewayConfig config = ConfigLoader.load(List.of(), env);

        assertThat(config.database().password().reveal()).isEqualTo(" pass word ");
        assertThat(config.http().port()).isEqualTo(81);
        assertThat(config.kafka().properties()).isEqualTo(Map.of("sasl.jaas.config", "login"));
    }

    @Test
    void reportsAllProblemsAtOnce() {
        Path file = yaml("http:\n  port: eighty\n  hots: x\ningest:\n  flush-interval: 5ms\n");

        List<String> problems = problems(
                List.of(file),
                Map.of(
                        "DELOTON_GATEWAY_ROLES", "ingest",
                        "DELOTON_DATABASE_USER", "u",
                        "DELOTON_DATABSE_HOST", "x",
                        "DELOTON_HTTP_HOST", " "));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "http.host (DELOTON_HTTP_HOST): found nothing in DELOTON_HTTP_HOST; expected a text",
                        "http.port (DELOTON_HTTP_PORT): found \"eighty\" in " + file
                                + ":2; expected a whole number from 0 to 65535",
                        "kafka.bootstrap-servers (DELOTON_KAFKA_BOOTSTRAP_SERVERS): is missing; expected a list of"
                                + " host:port: Bootstrap brokers.",
                        "database.host (DELOTON_DATABASE_HOST): is missing; expected a text: Host name of PostgreSQL.",
                        "database.password (DELOTON_DATABASE_PASSWORD): is missing; expected a secret: Password of"
                                + " database.user.",
                        "ingest.flush-interval (DELOTON_INGEST_FLUSH_INTERVAL): found \"5ms\" in " + file
                                + ":5; expected a duration from 10ms to 60s",
                        "http.hots in " + file + ":3: is not a known key; did you mean http.host?",
                        "DELOTON_DATABSE_HOST: is not a known variable; did you mean DELOTON_DATABASE_HOST?");
    }

    @ParameterizedTest
    @CsvSource({
        "http.port, 65536",
        "http.port, -1",
        "http.public-url, ftp://x",
        "http.public-url, example.com",
        "gateway.roles, 'ingest, dance'",
        "gateway.roles, INGEST",
        "kafka.bootstrap-servers, broker",
        "kafka.bootstrap-servers, 'a:1,'",
        "kafka.topic, a/b",
        "database.port, 0",
        "database.ssl-mode, verify_full",
        "database.migrate-at-start, yes",
        "database.pool-size, 1.5",
        "ingest.instances, 0",
        "ingest.flush-interval, 61s",
        "ingest.flush-interval, 1",
        "ingest.flush-interval, 1 fortnight",
        "ingest.abandon-after, 999999999999999d",
    })
    void aWrongValueIsNamedWithItsKeyAndWhatWouldBeRight(String key, String value) {
        String variable = "DELOTON_" + key.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");

        assertThat(problems(List.of(), with(variable, value)))
                .singleElement()
                .asString()
                .startsWith(key + " (" + variable + "): found \"" + value + "\" in " + variable + "; expected ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: b: c",
                "http: [",
                "http: {port: 1}\nhttp: {port: 2}",
                "http: {port: 1}\nhttp.port: 2",
                "- a",
                "just text",
                "http: {port: !secret 1}",
                "kafka: {bootstrap-servers: [{a: b}]}",
                "? [a, b]\n: c",
                "a: 1\n---\nb: 2",
            })
    void whatIsNotTheRightKindOfYamlIsToldWithItsLine(String text) {
        Path file = yaml(text);

        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(List.of(file), MANDATORY))
                        .problems())
                .anySatisfy(problem -> {
                    assertThat(problem.kind()).isEqualTo(Problem.Kind.SOURCE);
                    assertThat(problem.subject()).matches(java.util.regex.Pattern.quote(file.toString()) + ":\\d+");
                });
    }

    @Test
    void yamlThatRefersToItselfIsRefused() {
        assertThat(problems(List.of(yaml("a: &a {b: *a}")), MANDATORY))
                .singleElement()
                .asString()
                .endsWith("is not valid YAML");
    }

    @Test
    void reportsUnreadableFiles() {
        Path missing = folder.resolve("missing.yaml");

        assertThat(problems(List.of(missing), with("DELOTON_HTTP_PORT_FILE", missing.toString())))
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains(missing.toString(), "cannot be read"));
    }

    @Test
    void reportsAValueAndAFileForTheSameKey() {
        assertThat(problems(List.of(), with("DELOTON_DATABASE_PASSWORD_FILE", "/secret")))
                .singleElement()
                .asString()
                .contains("DELOTON_DATABASE_PASSWORD and DELOTON_DATABASE_PASSWORD_FILE are both set");
    }

    @Test
    void aSectionIsNotASettingButMayBeEmpty() {
        assertThat(problems(List.of(yaml("http: 80")), MANDATORY))
                .singleElement()
                .asString()
                .contains("is a section");
        assertThat(ConfigLoader.load(List.of(yaml("http:\ningest: {}\n")), MANDATORY))
                .isEqualTo(ConfigLoader.load(List.of(), MANDATORY));
    }

    @Test
    void aMigrationUserNeedsAPasswordAndTheOtherWayRound() {
        assertThat(problems(List.of(), with("DELOTON_DATABASE_MIGRATION_USER", "owner")))
                .singleElement()
                .asString()
                .startsWith("database.migration.password");
        assertThat(problems(List.of(), with("DELOTON_DATABASE_MIGRATION_PASSWORD", "x")))
                .singleElement()
                .asString()
                .startsWith("database.migration.user");
    }

    @Test
    void kafkaPropertiesTheGatewayOwnsAreRefused() {
        assertThat(problems(List.of(), with("DELOTON_KAFKA_PROPERTIES_ENABLE_AUTO_COMMIT", "true")))
                .singleElement()
                .asString()
                .startsWith("kafka.properties.enable.auto.commit");
    }

    @Test
    void noSecretIsEverShown() {
        Path file = yaml("""
                databse: {password: s3cret}
                database:
                  password: {s3cret: s3cret}
                  migration: {password: [s3cret, {a: s3cret}]}
                kafka: {properties: {sasl.jaas.config: s3cret, group.id: s3cret}}
                broken: "s3cret
                """);
        Path readable = yaml("databse: {password: s3cret}\nkafka: {properties: {group.id: s3cret}}\n");
        Map<String, String> env = with("DELOTON_DATABASE_PASSWROD", "s3cret");
        env.put("DELOTON_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "s3cret");

        assertThat(problems(List.of(file, readable), env).toString()).doesNotContain("s3cret");

        env.remove("DELOTON_DATABASE_PASSWROD");
        env.put("DELOTON_DATABASE_PASSWORD", "s3cret");
        assertThat(ConfigLoader.load(List.of(), env).toString())
                .doesNotContain("s3cret")
                .contains("password=***", "sasl.jaas.config");
    }

    @Test
    void migratingNeedsTheDatabaseOnly() {
        Map<String, String> env = new HashMap<>(MANDATORY);
        env.remove("DELOTON_KAFKA_BOOTSTRAP_SERVERS");
        env.remove("DELOTON_MAIL_HOST");

        assertThat(ConfigLoader.loadDatabase(List.of(), env).user()).isEqualTo("gateway");

        env.put("DELOTON_HTTP_PORT", "x");
        env.remove("DELOTON_DATABASE_HOST");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.loadDatabase(List.of(), env))
                        .problems())
                .hasSize(2);
    }

    private List<String> problems(List<Path> yaml, Map<String, String> env) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(yaml, env));
        refused.problems().forEach(problem -> assertThat(refused).hasMessageContaining(problem.toString()));
        return refused.problems().stream().map(Problem::toString).toList();
    }

    private static Map<String, String> with(String variable, String value) {
        Map<String, String> env = new HashMap<>(MANDATORY);
        env.put(variable, value);
        return env;
    }

    private Path yaml(String text) {
        return file(text);
    }

    private Path file(String text) {
        try {
            return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
