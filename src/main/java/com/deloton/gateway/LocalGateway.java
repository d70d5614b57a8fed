package com.deloton.gateway;

import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.local.LocalCommand;
import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.local.mailbox.MailboxPage;
import com.deloton.gateway.local.token.DevelopmentTokens;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The gateway with all roles on the local servers, and the simulated bikes that send to it. */
final class LocalGateway implements LocalCommand.Workload {
    private static final int STOP_SECONDS = 15;
    private static final double ABNORMAL_HEART_RATE = 0.1;

    /** How long the broker waits for a killed consumer before the next one may read: its lowest limit. */
    private static final String SESSION_TIMEOUT_MS = "6000";

    private final Gateway gateway;
    private final @Nullable FleetProducer fleet;

    private LocalGateway(Gateway gateway, @Nullable FleetProducer fleet) {
        this.gateway = gateway;
        this.fleet = fleet;
    }

    /** Returns when the gateway serves requests. */
    static LocalGateway start(LocalServers servers, Settings settings, InstantSource clock) {
        DevelopmentTokens tokens = new DevelopmentTokens(servers.options().data(), clock);
        Map<String, String> variables = variables(servers, settings);
        variables.putAll(tokens.variables());
        Gateway gateway = Gateway.start(
                        ConfigLoader.load(List.of(), variables),
                        clock,
                        List.of(tokens, new MailboxPage(() -> mails(servers.mail()))))
                .await();
        FleetProducer fleet = settings.bikes() == 0
                ? null
                : new FleetProducer(
                        Map.of("bootstrap.servers", servers.kafka().bootstrap()),
                        servers.options().topic(),
                        FleetOptions.defaults()
                                .withBikes(settings.bikes())
                                .withSeed(settings.seed())
                                .withAbnormalHeartRate(ABNORMAL_HEART_RATE),
                        clock);
        if (fleet != null) {
            fleet.start();
        }
        return new LocalGateway(gateway, fleet);
    }

    /** The configuration of a gateway on these servers. */
    static Map<String, String> variables(LocalServers servers, Settings settings) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("DELOTON_HTTP_PORT", String.valueOf(settings.httpPort()));
        variables.put("DELOTON_HTTP_PUBLIC_URL", "http://localhost:" + settings.httpPort());
        variables.put("DELOTON_KAFKA_BOOTSTRAP_SERVERS", servers.kafka().bootstrap());
        variables.put("DELOTON_KAFKA_TOPIC", servers.options().topic());
        variables.put("DELOTON_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", SESSION_TIMEOUT_MS);
        variables.put("DELOTON_DATABASE_HOST", servers.postgres().host());
        variables.put("DELOTON_DATABASE_PORT", String.valueOf(servers.postgres().port()));
        variables.put("DELOTON_DATABASE_NAME", LocalPostgres.DATABASE);
        variables.put("DELOTON_DATABASE_USER", servers.postgres().user());
        variables.put("DELOTON_DATABASE_PASSWORD", servers.postgres().password());
        variables.put("DELOTON_MAIL_HOST", servers.mail().host());
        variables.put("DELOTON_MAIL_PORT", String.valueOf(servers.mail().smtpPort()));
        variables.put("DELOTON_MAIL_SECURITY", "plain");
        variables.put("DELOTON_MAIL_FROM", "alerts@example.com");
        variables.put("DELOTON_MAIL_ALLOWED_DOMAINS", "example.com");
        variables.put("DELOTON_REPORT_RECIPIENTS", "staff@example.com");
        variables.put("DELOTON_REPORT_NAMES", "true");
        variables.put("DELOTON_ALERT_LINK_SECRET", servers.postgres().password().repeat(2));
        return variables;
    }

    private static List<MailboxPage.Mail> mails(LocalMail mailbox) {
        return mailbox.mails().stream()
                .map(mail -> new MailboxPage.Mail(mail.subject(), mail.to(), mail.date(), mail.message()))
                .toList();
    }

    @Override
    public void close() {
        if (fleet != null) {
            fleet.close();
        }
        try {
            gateway.close().await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the gateway did not stop within " + STOP_SECONDS + " s", e);
        }
    }
}
