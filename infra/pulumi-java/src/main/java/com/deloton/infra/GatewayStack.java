package com.deloton.infra;

import com.deloton.infra.analyst.AnalystAccess;
import com.deloton.infra.base.EncryptionKey;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.broker.Broker;
import com.deloton.infra.database.Database;
import com.deloton.infra.delivery.Delivery;
import com.deloton.infra.edge.Edge;
import com.deloton.infra.mail.Mail;
import com.deloton.infra.network.Network;
import com.deloton.infra.observe.Observability;
import com.deloton.infra.service.GatewayService;
import com.deloton.infra.settings.ConfigSource;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.SettingsLoader;
import com.deloton.infra.settings.SettingsReader;
import com.pulumi.Config;
import com.pulumi.Context;
import com.pulumi.aws.AwsFunctions;
import com.pulumi.aws.Provider;
import com.pulumi.aws.ProviderArgs;
import com.pulumi.aws.inputs.GetCallerIdentityArgs;
import com.pulumi.aws.inputs.ProviderDefaultTagsArgs;
import com.pulumi.core.Output;
import com.pulumi.deployment.InvokeOptions;
import java.util.Map;
import java.util.Optional;

/** One stack: dev, staging or prod. There is no scheduler: the gateway sends its report itself. */
public final class GatewayStack {
    private GatewayStack() {}

    public static void define(Context context) {
        Settings settings = SettingsLoader.load(new SettingsReader("deloton", source(context.config("deloton"))));
        StackContext context = context(context, settings);

        Network network = new Network(context, settings);
        Database database = new Database(context, settings.database(), network);
        Broker broker = new Broker(context, settings.kafka(), network);
        Mail mail = new Mail(context, settings);
        Edge edge = new Edge(context, settings, network);
        Delivery delivery = new Delivery(context, settings.delivery());
        GatewayService service =
                new GatewayService(context, settings, network, edge, database, broker, mail, delivery.repository);
        new Observability(context, settings, edge, database, mail, service);
        new AnalystAccess(context, settings.analyst(), network, database);

        context.export("url", Output.of("https://" + settings.context().domainName()));
        context.export("repository", delivery.repository.repositoryUrl());
        context.export("cluster", service.clusterName);
        context.export("releaseRole", delivery.releaseRole(service));
        context.export("taskSubnets", Output.all(network.appSubnets));
        context.export("taskSecurityGroup", network.firewall.gateway);
        context.export("analystSecret", database.analystLogin.arn());
    }

    private static StackContext context(Context context, Settings settings) {
        String stack = context.stackName();
        String region = context.config("aws").require("region");
        ProviderArgs.Builder args = ProviderArgs.builder()
                .region(region)
                .defaultTags(ProviderDefaultTagsArgs.builder()
                        .tags(Map.of("Project", "deloton", "Stack", stack, "ManagedBy", "pulumi"))
                        .build());
        settings.context().accountId().ifPresent(args::allowedAccountIds);
        Provider provider = new Provider("aws", args.build());
        Output<String> account = AwsFunctions.getCallerIdentity(
                        GetCallerIdentityArgs.Empty,
                        InvokeOptions.builder().provider(provider).build())
                .applyValue(identity -> identity.accountId());
        Output<String> keyArn = EncryptionKey.create(
                        "deloton-" + stack,
                        region,
                        account,
                        provider,
                        settings.context().protect())
                .arn();
        return new StackContext(
                stack,
                region,
                account,
                provider,
                keyArn,
                settings.context().protect(),
                settings.operations().logRetentionDays());
    }

    private static ConfigSource source(Config config) {
        return new ConfigSource() {
            @Override
            public Optional<String> get(String key) {
                return config.get(key);
            }

            @Override
            public Output<Optional<String>> getSecret(String key) {
                return config.getSecret(key);
            }
        };
    }
}
