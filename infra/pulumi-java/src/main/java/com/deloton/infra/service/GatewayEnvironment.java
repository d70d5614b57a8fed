package com.deloton.infra.service;

import static com.deloton.infra.service.GatewaySetting.*;

import com.deloton.infra.broker.BrokerAccess;
import com.deloton.infra.database.Database;
import com.deloton.infra.mail.Mail;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.settings.Settings;
import com.pulumi.core.Output;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a container is told: plain settings by value, secrets by where they are kept.
 */
public record GatewayEnvironment(Map<String, Output<String>> plain, Map<String, SecretReference> secrets) {

    /** @param field of a stored login; empty for the whole value */
    record SecretReference(Output<String> arn, String field) {
        Output<String> valueFrom() {
            return field.isEmpty() ? arn : arn.applyValue(known -> known + ":" + field + "::");
        }
    }

    /** Where the image keeps the certificates that RDS signs with. */
    private static final String ROOT_CERTIFICATES = "/etc/deloton/rds-ca.pem";

    private GatewayEnvironment() {
        this(new TreeMap<>(), new TreeMap<>());
        plain.put("LOG_FORMAT", Output.of("json"));
    }

    static GatewayEnvironment web(Settings settings, Database database, BrokerAccess broker) {
        return new GatewayEnvironment()
                .serving("api,live", settings)
                .database(settings, database)
                .kafka(broker)
                .api(settings.api());
    }

    static GatewayEnvironment ingest(Settings settings, Database database, BrokerAccess broker, Mail mail) {
        return new GatewayEnvironment()
                .serving("ingest,alert,report", settings)
                .database(settings, database)
                .kafka(broker)
                .mail(settings.mail(), mail);
    }

    /** The owner's login, and the gateway's, whose role the migration makes. */
    static GatewayEnvironment migrate(Settings settings, Database database) {
        return new GatewayEnvironment()
                .database(settings, database)
                .set(MIGRATION_USER, Database.OWNER)
                .secret(MIGRATION_PASSWORD, database.ownerSecretArn, "password");
    }

    private GatewayEnvironment serving(String roles, Settings settings) {
        return set(ROLES, roles)
                .set(HTTP_HOST, "0.0.0.0")
                .set(HTTP_PORT, String.valueOf(Firewall.GATEWAY_PORT))
                .set(PUBLIC_URL, "https://" + settings.site().domainName());
    }

    private GatewayEnvironment database(Settings settings, Database database) {
        return set(DATABASE_HOST, database.endpoint)
                .set(DATABASE_PORT, String.valueOf(Firewall.DATABASE_PORT))
                .set(DATABASE_NAME, Database.NAME)
                .set(DATABASE_USER, Database.GATEWAY)
                .secret(DATABASE_PASSWORD, database.gatewayLogin.arn(), "password")
                .set(DATABASE_SSL_MODE, "verify-full")
                .set(DATABASE_SSL_ROOT_CERT, ROOT_CERTIFICATES)
                .set(DATABASE_POOL_SIZE, String.valueOf(settings.database().poolSize()))
                .set(MIGRATE_AT_START, "false");
    }

    private GatewayEnvironment kafka(BrokerAccess broker) {
        return set(BOOTSTRAP_SERVERS, broker.bootstrapServers())
                .set(TOPIC, broker.topic())
                .set(GROUP, broker.groupId())
                .set(SECURITY_PROTOCOL, "SASL_SSL")
                .set(SASL_MECHANISM, broker.mechanism().protocolName)
                .secret(SASL_JAAS_CONFIG, broker.loginArn(), "");
    }

    private GatewayEnvironment mail(Settings.Mail settings, Mail mail) {
        return set(MAIL_HOST, mail.host)
                .set(MAIL_PORT, String.valueOf(Firewall.SMTP_PORT))
                .set(MAIL_START_TLS, "required")
                .secret(MAIL_USER, mail.loginArn, "username")
                .secret(MAIL_PASSWORD, mail.loginArn, "password")
                .set(MAIL_FROM, settings.from())
                .set(MAIL_ALLOWED_DOMAINS, String.join(",", settings.allowedDomains()))
                .set(REPORT_RECIPIENTS, String.join(",", settings.recipients()))
                .set(REPORT_TIME, settings.time())
                .set(REPORT_ZONE, settings.zone());
    }

    private GatewayEnvironment api(Settings.Api api) {
        return set(JWT_ISSUER, api.issuer()).set(JWT_AUDIENCE, api.audience()).set(JWT_JWKS_URL, api.jwksUrl());
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
