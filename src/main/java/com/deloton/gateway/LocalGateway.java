package com.deloton.gateway;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.local.LocalCommand;
import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.local.LocalPostgres;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.local.mailbox.MailboxPage;
import com.deloton.gateway.local.token.DevelopmentTokens;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.StoryProducer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The gateway on the local servers, and the simulated bikes that send to it. */
final class LocalGateway implements LocalCommand.Workload {
    private static final int STOP_SECONDS = 15;

    private final Gateway gateway;
    private final @Nullable FleetProducer fleet;
    private final @Nullable StoryProducer story;

    private LocalGateway(Gateway gateway, @Nullable FleetProducer fleet, @Nullable StoryProducer story) {
        this.gateway = gateway;
        this.fleet = fleet;
        this.story = story;
    }

    /** @param environment variables of the process */
    record Starter(Map<String, String> environment, InstantSource clock) implements LocalCommand.Workload.Starter {
        @Override
        public void check(Settings settings) {
            config(settings).load(LocalConfig.Servers.placeholder(settings.httpPort(), settings.managementPort()));
        }

        /** Returns when the gateway serves requests. */
        @Override
        public LocalGateway start(LocalServers servers, Settings settings) {
            DevelopmentTokens tokens = new DevelopmentTokens(servers.options().data(), clock);
            GatewayConfig config = config(settings).load(addresses(servers, settings, tokens));
            Gateway gateway = Gateway.start(
                            config, clock, List.of(tokens, new MailboxPage(() -> mails(servers.mail()))))
                    .await();
            return new LocalGateway(
                    gateway, startFleet(servers, settings.fleet()), settings.story() ? startStory(servers) : null);
        }

        private LocalConfig config(Settings settings) {
            return new LocalConfig(settings.config(), environment);
        }

        private @Nullable FleetProducer startFleet(LocalServers servers, @Nullable FleetOptions options) {
            if (options == null) {
                return null;
            }
            FleetProducer fleet =
                    new FleetProducer(kafka(servers), servers.options().topic(), options, clock);
            fleet.start();
            return fleet;
        }

        private StoryProducer startStory(LocalServers servers) {
            StoryProducer story =
                    new StoryProducer(kafka(servers), servers.options().topic(), clock);
            story.start();
            return story;
        }

        private static Map<String, Object> kafka(LocalServers servers) {
            return Map.of("bootstrap.servers", servers.kafka().bootstrap());
        }
    }

    private static LocalConfig.Servers addresses(
            LocalServers servers, LocalCommand.Workload.Settings settings, DevelopmentTokens tokens) {
        return new LocalConfig.Servers(
                settings.httpPort(),
                settings.managementPort(),
                servers.kafka().bootstrap(),
                servers.options().topic(),
                servers.postgres().host(),
                servers.postgres().port(),
                LocalPostgres.DATABASE,
                servers.postgres().user(),
                servers.postgres().password(),
                servers.mail().host(),
                servers.mail().smtpPort(),
                servers.postgres().password().repeat(2),
                tokens.variables());
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
        if (story != null) {
            story.close();
        }
        try {
            gateway.close().await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the gateway did not stop within " + STOP_SECONDS + " s", e);
        }
    }
}
