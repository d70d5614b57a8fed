package com.deloton.infra.service;

import java.util.Locale;

/** The gateway's own settings that a container sets, by the gateway's key. */
public enum GatewaySetting {
    ROLES("gateway.roles"),
    HTTP_HOST("http.host"),
    HTTP_PORT("http.port"),
    MANAGEMENT_HOST("http.management.host"),
    MANAGEMENT_PORT("http.management.port"),
    PUBLIC_URL("http.public-url"),
    BOOTSTRAP_SERVERS("kafka.bootstrap-servers"),
    TOPIC("kafka.topic"),
    GROUP("kafka.group-id"),
    ZONE_RACKS("kafka.zone-racks"),
    SECURITY_PROTOCOL("kafka.properties.security.protocol"),
    SASL_MECHANISM("kafka.properties.sasl.mechanism"),
    CONFIG_PROVIDERS("kafka.properties.config.providers"),
    CONFIG_PROVIDERS_ENV_CLASS("kafka.properties.config.providers.env.class"),
    SASL_JAAS_CONFIG("kafka.properties.sasl.jaas.config"),
    SASL_CALLBACK("kafka.properties.sasl.client.callback.handler.class"),
    DATABASE_HOST("database.host"),
    DATABASE_PORT("database.port"),
    DATABASE_NAME("database.name"),
    DATABASE_USER("database.user"),
    DATABASE_PASSWORD("database.password"),
    DATABASE_SSL_MODE("database.ssl-mode"),
    DATABASE_SSL_ROOT_CERT("database.ssl-root-cert"),
    DATABASE_POOL_SIZE("database.pool-size"),
    MIGRATE_AT_START("database.migrate-at-start"),
    MIGRATION_USER("database.migration.user"),
    MIGRATION_PASSWORD("database.migration.password"),
    MAIL_HOST("mail.host"),
    MAIL_PORT("mail.port"),
    MAIL_USER("mail.user"),
    MAIL_PASSWORD("mail.password"),
    MAIL_SECURITY("mail.security"),
    MAIL_FROM("mail.from"),
    MAIL_ALLOWED_DOMAINS("mail.allowed-domains"),
    REPORT_RECIPIENTS("report.recipients"),
    REPORT_TIME("report.time"),
    REPORT_ZONE("report.zone"),
    REPORT_NAMES("report.names"),
    REPORT_PDF("report.pdf"),
    REPORT_UNSUBSCRIBE("report.unsubscribe"),
    ALERT_LINK_SECRET("alert.link-secret"),
    JWT_ISSUER("api.jwt.issuer"),
    JWT_AUDIENCE("api.jwt.audience"),
    JWT_JWKS_URL("api.jwt.jwks-url"),
    JWT_CLIENT_IDS("api.jwt.client-ids"),
    JWT_SCOPE_PREFIX("api.jwt.scope-prefix"),
    LIVE_MAX_VIEWERS("live.max-viewers"),
    SIGN_IN_CLIENT_ID("live.sign-in.client-id"),
    SIGN_IN_AUTHORIZATION_URL("live.sign-in.authorization-url"),
    SIGN_IN_TOKEN_URL("live.sign-in.token-url"),
    SIGN_IN_SCOPE("live.sign-in.scope"),
    ANALYST_HOST("analyst.host"),
    ANALYST_PORT("analyst.port"),
    ANALYST_SSL_MODE("analyst.ssl-mode"),
    ANALYST_USER("analyst.user"),
    ANALYST_QUERY_LIMIT("analyst.query-limit"),
    ARCHIVE_WAREHOUSE("archive.warehouse"),
    ARCHIVE_S3_REGION("archive.s3-region");

    private final String key;

    GatewaySetting(String key) {
        this.key = key;
    }

    /** The environment variable that overrides the key. */
    public String variable() {
        return "DELOTON_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
