package com.deloton.gateway.faults;

import com.deloton.gateway.simulate.Fleet;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.TestServers.Database;
import com.deloton.gateway.testing.Warehouse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gateways with all their roles that take in a stream, with a database and a topic of their own, and proxies before the
 * database, the mail server and the webhook endpoint.
 */
final class Deployment implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final List<Duration> CLOCK_ERRORS =
            List.of(Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ofDays(1), Duration.ofDays(-1));

    private final Broker broker;
    private final PostgresServer postgres;
    private final Proxy databaseProxy;
    private final ScriptedSmtp mail = new ScriptedSmtp();
    private final Proxy mailProxy = new Proxy(mail.port());
    private final WebhookEndpoint webhooks = new WebhookEndpoint();
    private final Proxy webhookProxy = new Proxy(webhooks.port());
    private final Gateways gateways;
    private final Warehouse warehouse;
    private @Nullable Connection watch;
    private final List<String> refusedMails = new CopyOnWriteArrayList<>();

    Deployment(int gatewayCount, FaultServers servers) throws Exception {
        broker = servers.broker();
        postgres = servers.postgres();
        databaseProxy = new Proxy(postgres.port());
        postgres.newDatabase();
        broker.newTopic(PARTITIONS);
        Database direct = postgres.database();
        warehouse = new Warehouse(direct);
        Database proxied =
                new Database("127.0.0.1", databaseProxy.port(), direct.name(), direct.user(), direct.password());
        gateways = new Gateways(gatewayCount, proxied, broker.topic(), settings());
        gateways.startAll();
    }

    private Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("DELOTON_GATEWAY_ROLES", "ingest,alert,report"),
                Map.entry("DELOTON_HTTP_PUBLIC_URL", "https://gateway.example.com"),
                Map.entry("DELOTON_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap()),
                Map.entry("DELOTON_KAFKA_PROPERTIES_METADATA_MAX_AGE_MS", "5000"),
                Map.entry("DELOTON_KAFKA_PROPERTIES_HEARTBEAT_INTERVAL_MS", "1000"),
                Map.entry("DELOTON_MAIL_HOST", "127.0.0.1"),
                Map.entry("DELOTON_MAIL_PORT", String.valueOf(mailProxy.port())),
                Map.entry("DELOTON_MAIL_SECURITY", "plain"),
                Map.entry("DELOTON_MAIL_FROM", "alerts@example.com"),
                Map.entry("DELOTON_MAIL_ALLOWED_DOMAINS", "example.com"),
                Map.entry("DELOTON_MAIL_TIMEOUT", "8s"),
                Map.entry("DELOTON_WEBHOOK_TARGETS", "this-machine"),
                Map.entry(
                        "DELOTON_WEBHOOK_ENDPOINT_OPS_URL",
                        "http://127.0.0.1:%d/events".formatted(webhookProxy.port())),
                Map.entry("DELOTON_WEBHOOK_ENDPOINT_OPS_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                Map.entry("DELOTON_WEBHOOK_TIMEOUT", "2s"),
                Map.entry("DELOTON_WEBHOOK_FIRST_BACKOFF", "500ms"),
                Map.entry("DELOTON_WEBHOOK_LONGEST_BACKOFF", "4s"),
                Map.entry("DELOTON_ALERT_FIRST_BACKOFF", "1s"),
                Map.entry("DELOTON_ALERT_LONGEST_BACKOFF", "16s"),
                Map.entry("DELOTON_ALERT_LINK_SECRET", "0123456789012345678901234567890123456789"),
                Map.entry("DELOTON_REPORT_RECIPIENTS", "staff@example.com"),
                Map.entry("DELOTON_REPORT_PDF", "false"));
    }

    Gateways gateways() {
        return gateways;
    }

    PostgresServer postgres() {
        return postgres;
    }

    Proxy databaseProxy() {
        return databaseProxy;
    }

    Broker broker() {
        return broker;
    }

    ScriptedSmtp mail() {
        return mail;
    }

    WebhookEndpoint webhooks() {
        return webhooks;
    }

    Proxy webhookProxy() {
        return webhookProxy;
    }

    void mailAccepts() {
        mail.toRecipient(to -> "250 fine");
        mail.toMail(text -> "250 taken");
    }

    /** The content is refused for good, with 554 5.6.0: the gateway must not send it again. */
    void refuseContent() {
        mail.toMail(text -> {
            refusedMails.add(text);
            return "554 5.6.0 content";
        });
    }

    /** Mails that were refused for good, headers included. */
    List<String> refusedMails() {
        return refusedMails;
    }

    /** Log-ons of strangers under the keys of bikes that ride, in a transaction that is withdrawn. */
    void abortTransaction() {
        List<String> keys = ridingKeys();
        Fleet strangers = new Fleet(FleetOptions.defaults().withSeed(4711), System.currentTimeMillis() * 1_000);
        broker.abortTransaction(keys, strangers.next().value());
    }

    private List<String> ridingKeys() {
        return warehouse.rows("SELECT DISTINCT stream_key FROM ride WHERE status = 'open' LIMIT 5").stream()
                .map(row -> (String) row.getFirst())
                .toList();
    }

    /** As retention does it, when the gateways keep up. */
    void deleteStoredRecords() throws Exception {
        broker.deleteRecords(positions());
    }

    /** Unusable records among those of bikes that ride, from producers whose clocks are wrong. */
    void sendRecordsOfWrongTimes() throws Exception {
        long now = System.currentTimeMillis();
        List<String> keys = ridingKeys();
        for (Duration error : CLOCK_ERRORS) {
            broker.send(keys, now + error.toMillis(), "unusable".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** For each partition that a gateway has taken over, the offset up to which its records are stored and none is held. */
    Map<Integer, Long> positions() throws SQLException {
        Map<Integer, Long> positions = new HashMap<>();
        query(
                "SELECT partition, " + Warehouse.STORED_TO + " FROM ingest_position p",
                rows -> positions.put(rows.getInt(1), rows.getLong(2)));
        return positions;
    }

    /** Deliveries of alerts, reports and webhooks that are not settled. */
    long due() throws SQLException {
        AtomicLong due = new AtomicLong();
        query("""
                SELECT (SELECT count(*) FROM alert_delivery WHERE status IN ('due', 'sending'))
                    + (SELECT count(*) FROM daily_report WHERE status NOT IN ('sent', 'failed'))
                    + (SELECT count(*) FROM webhook_delivery WHERE status IN ('due', 'sending'))""", rows -> due.set(rows.getLong(1)));
        return due.get();
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** On a connection that is kept while it works: the caller asks many times a second. */
    @SuppressWarnings("MustBeClosed")
    private void query(String sql, RowReader reader) throws SQLException {
        if (watch == null || !watch.isValid(1)) {
            watch = warehouse.database().connect();
        }
        try (Statement statement = watch.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    Proxy mailProxy() {
        return mailProxy;
    }

    /** Past the proxy. */
    Warehouse warehouse() {
        return warehouse;
    }

    @Override
    public void close() throws SQLException {
        gateways.close();
        if (watch != null) {
            watch.close();
        }
        databaseProxy.close();
        mailProxy.close();
        mail.close();
        webhookProxy.close();
        webhooks.close();
    }
}
