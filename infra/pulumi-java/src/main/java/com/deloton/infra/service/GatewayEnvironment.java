package com.deloton.infra.service;

import static com.deloton.infra.service.GatewaySetting.*;

import com.deloton.infra.analyst.AnalystAccess;
import com.deloton.infra.archive.Archive;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.broker.Broker;
import com.deloton.infra.broker.BrokerAccess;
import com.deloton.infra.broker.BrokerAccess.RotatedLogin;
import com.deloton.infra.broker.BrokerAccess.StoredJaas;
import com.deloton.infra.broker.OperatorAccess;
import com.deloton.infra.database.Database;
import com.deloton.infra.identity.SignInAccess;
import com.deloton.infra.mail.Mail;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.settings.Settings;
import com.pulumi.core.Output;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The environment of a container: plain settings by value, secrets by reference. */
public record GatewayEnvironment(Map<String, Output<String>> plain, Map<String, SecretReference> secrets) {

    /** @param field of a stored login; empty for the whole value */
    record SecretReference(Output<String> arn, String field) {
        Output<String> valueFrom() {
            return field.isEmpty() ? arn : arn.applyValue(known -> known + ":" + field + "::");
        }
    }

    /** Where the image keeps the certificates that RDS signs with. */
    private static final String ROOT_CERTIFICATES = "/etc/deloton/rds-ca.pem";

    /** Read by the Kafka client itself, which puts it into {@code sasl.jaas.config}. */
    private static final String KAFKA_PASSWORD = "KAFKA_PASSWORD";

    private static GatewayEnvironment empty() {
        return new GatewayEnvironment(new TreeMap<>(), new TreeMap<>());
    }

    private static GatewayEnvironment gateway() {
        GatewayEnvironment environment = empty();
        environment.plain.put("LOG_FORMAT", Output.of("json"));
        return environment;
    }

    /** The environment of web tasks. They follow the topic without a group, and serve the page that alert mails link to. */
    static GatewayEnvironment web(
            Settings settings,
            Database database,
            BrokerAccess broker,
            StoredSecret links,
            SignInAccess signIn,
            Optional<Archive> archive) {
        return gateway()
                .serving("api,live", settings)
                .database(settings, database)
                .kafka(broker)
                .secret(ALERT_LINK_SECRET, links.arn(), "")
                .reportDay(settings.report())
                .signIn(signIn)
                .set(LIVE_MAX_VIEWERS, String.valueOf(settings.service().connectionsPerTask()))
                .analysts(settings.analyst(), database)
                .archive(archive);
    }

    /** The environment of ingest tasks, which also send all mails. */
    static GatewayEnvironment ingest(
            Settings settings,
            Database database,
            BrokerAccess broker,
            Mail mail,
            StoredSecret links,
            Optional<Archive> archive) {
        boolean reports = !settings.report().recipients().isEmpty();
        return gateway()
                .serving(reports ? "ingest,alert,report" : "ingest,alert", settings)
                .database(settings, database)
                .kafka(broker)
                .set(GROUP, broker.groupId())
                .secret(ALERT_LINK_SECRET, links.arn(), "")
                .mail(settings.mail(), mail)
                .reportDay(settings.report())
                .report(settings.report())
                .analysts(settings.analyst(), database)
                .archive(archive);
    }

    /** The environment of the migration: the owner's login, and the gateway's, whose role the migration creates. */
    static GatewayEnvironment migrate(Settings settings, Database database) {
        return gateway()
                .database(settings, database)
                .set(MIGRATION_USER, settings.database().owner())
                .secret(MIGRATION_PASSWORD, database.ownerSecretArn, "password");
    }

    /** The environment of the task that creates topic and ACLs: as an operator on a managed cluster, else the gateway's login. */
    static GatewayEnvironment topics(Broker broker) {
        GatewayEnvironment environment = gateway();
        return broker.operator
                .map(operator -> environment
                        .set(BOOTSTRAP_SERVERS, operator.bootstrapServers())
                        .set(TOPIC, broker.access.topic())
                        .set(SECURITY_PROTOCOL, "SASL_SSL")
                        .set(SASL_MECHANISM, OperatorAccess.MECHANISM)
                        .set(SASL_JAAS_CONFIG, OperatorAccess.JAAS)
                        .set(SASL_CALLBACK, OperatorAccess.CALLBACK))
                .orElseGet(() -> environment.kafka(broker.access))
                .set(GROUP, broker.access.groupId());
    }

    /** The environment of the archive job, which is not the gateway but reads the same keys. */
    static GatewayEnvironment archive(Database database, Archive archive, String region) {
        return empty().server(database)
                .set(DATABASE_USER, Database.ARCHIVE)
                .secret(DATABASE_PASSWORD, archive.login.arn(), "password")
                .archive(Optional.of(archive))
                .set(ARCHIVE_S3_REGION, region);
    }

    private GatewayEnvironment archive(Optional<Archive> archive) {
        archive.ifPresent(known -> set(ARCHIVE_WAREHOUSE, known.warehouse));
        return this;
    }

    private GatewayEnvironment serving(String roles, Settings settings) {
        return set(ROLES, roles)
                .set(HTTP_HOST, "0.0.0.0")
                .set(HTTP_PORT, String.valueOf(Firewall.GATEWAY_PORT))
                .set(MANAGEMENT_HOST, "0.0.0.0")
                .set(MANAGEMENT_PORT, String.valueOf(Firewall.MANAGEMENT_PORT))
                .set(PUBLIC_URL, "https://" + settings.deployment().domainName());
    }

    private GatewayEnvironment database(Settings settings, Database database) {
        return server(database)
                .set(DATABASE_USER, Database.GATEWAY)
                .secret(DATABASE_PASSWORD, database.gatewayLogin.arn(), "password")
                .set(DATABASE_POOL_SIZE, String.valueOf(settings.database().poolSize()))
                .set(MIGRATE_AT_START, "false");
    }

    private GatewayEnvironment server(Database database) {
        return set(DATABASE_HOST, database.endpoint)
                .set(DATABASE_PORT, String.valueOf(Firewall.DATABASE_PORT))
                .set(DATABASE_NAME, Database.NAME)
                .set(DATABASE_SSL_MODE, "verify-full")
                .set(DATABASE_SSL_ROOT_CERT, ROOT_CERTIFICATES);
    }

    private GatewayEnvironment kafka(BrokerAccess broker) {
        broker.zoneRacks().ifPresent(racks -> set(ZONE_RACKS, racks));
        return set(BOOTSTRAP_SERVERS, broker.bootstrapServers())
                .set(TOPIC, broker.topic())
                .set(SECURITY_PROTOCOL, "SASL_SSL")
                .set(SASL_MECHANISM, broker.mechanism().protocolName)
                .login(broker);
    }

    private GatewayEnvironment login(BrokerAccess broker) {
        return switch (broker.login()) {
            case StoredJaas jaas -> secret(SASL_JAAS_CONFIG, jaas.arn(), "");
            case RotatedLogin login -> {
                secrets.put(KAFKA_PASSWORD, new SecretReference(login.arn(), "password"));
                yield set(CONFIG_PROVIDERS, "env")
                        .set(CONFIG_PROVIDERS_ENV_CLASS, "org.apache.kafka.common.config.provider.EnvVarConfigProvider")
                        .set(
                                SASL_JAAS_CONFIG,
                                BrokerAccess.jaas(
                                        broker.mechanism(), login.username(), "${env:" + KAFKA_PASSWORD + "}"));
            }
        };
    }

    private GatewayEnvironment mail(Settings.Mail settings, Mail mail) {
        return set(MAIL_HOST, mail.host)
                .set(MAIL_PORT, String.valueOf(Firewall.SMTP_PORT))
                .set(MAIL_SECURITY, "starttls")
                .secret(MAIL_USER, mail.loginArn, "username")
                .secret(MAIL_PASSWORD, mail.loginArn, "password")
                .set(MAIL_FROM, settings.from())
                .set(
                        MAIL_ALLOWED_DOMAINS,
                        settings.allowedDomains().isEmpty() ? "*" : String.join(",", settings.allowedDomains()));
    }

    /** The day of a report: the same for all tasks. */
    private GatewayEnvironment reportDay(Settings.Report report) {
        return set(REPORT_TIME, report.time()).set(REPORT_ZONE, report.zone());
    }

    private GatewayEnvironment report(Settings.Report report) {
        return set(REPORT_RECIPIENTS, String.join(",", report.recipients()))
                .set(REPORT_NAMES, String.valueOf(report.names()))
                .set(REPORT_PDF, String.valueOf(report.pdf()))
                .set(REPORT_UNSUBSCRIBE, report.unsubscribe());
    }

    /** Endpoints and keys of Cognito are found by its OpenID configuration. */
    private GatewayEnvironment signIn(SignInAccess access) {
        return switch (access) {
            case SignInAccess.External external ->
                set(JWT_ISSUER, external.api().issuer())
                        .set(JWT_AUDIENCE, external.api().audience())
                        .set(JWT_JWKS_URL, external.api().jwksUrl())
                        .set(SIGN_IN_CLIENT_ID, external.signIn().clientId())
                        .set(SIGN_IN_AUTHORIZATION_URL, external.signIn().authorizationUrl())
                        .set(SIGN_IN_TOKEN_URL, external.signIn().tokenUrl())
                        .set(SIGN_IN_SCOPE, external.signIn().scope());
            case SignInAccess.Cognito cognito ->
                set(JWT_ISSUER, cognito.issuer())
                        .set(JWT_CLIENT_IDS, cognito.clientId())
                        .set(JWT_SCOPE_PREFIX, cognito.scopePrefix())
                        .set(SIGN_IN_CLIENT_ID, cognito.clientId())
                        .set(SIGN_IN_SCOPE, cognito.scope());
        };
    }

    /** The limit on queries, and the database address in the Tableau files. */
    private GatewayEnvironment analysts(Settings.Analyst analyst, Database database) {
        set(ANALYST_QUERY_LIMIT, analyst.queryLimit());
        return switch (analyst.mode()) {
            case NONE -> this;
            case PRIVATE_LINK -> set(ANALYST_USER, Database.ANALYST).set(ANALYST_HOST, database.readerEndpoint);
            case SESSION_MANAGER ->
                set(ANALYST_USER, Database.ANALYST)
                        .set(ANALYST_HOST, "localhost")
                        .set(ANALYST_PORT, AnalystAccess.FORWARDED_PORT)
                        .set(ANALYST_SSL_MODE, "require");
        };
    }

    private GatewayEnvironment set(GatewaySetting setting, String value) {
        return value.isEmpty() ? this : set(setting, Output.of(value));
    }

    private GatewayEnvironment set(GatewaySetting setting, Output<String> value) {
        plain.put(setting.variable(), value);
        return this;
    }

    private GatewayEnvironment secret(GatewaySetting setting, Output<String> arn, String field) {
        secrets.put(setting.variable(), new SecretReference(arn, field));
        return this;
    }
}
