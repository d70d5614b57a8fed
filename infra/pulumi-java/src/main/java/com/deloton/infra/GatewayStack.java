package com.deloton.infra;

import com.deloton.infra.analyst.AnalystAccess;
import com.deloton.infra.archive.Archive;
import com.deloton.infra.base.EncryptionKey;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.broker.Broker;
import com.deloton.infra.database.Database;
import com.deloton.infra.delivery.Delivery;
import com.deloton.infra.edge.Edge;
import com.deloton.infra.identity.SignInAccess;
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
import java.util.regex.Pattern;

/** One stack: dev, staging or prod. Only the archive job is scheduled: the gateway sends its report itself. */
public final class GatewayStack {
    /** The load balancer's name, at most 32 characters, consists of it and of 20 others. */
    private static final Pattern STACK_NAME = Pattern.compile("[a-z][a-z0-9-]{0,10}[a-z0-9]");

    private GatewayStack() {}

    public static void define(Context pulumi) {
        Settings settings = SettingsLoader.load(new SettingsReader("deloton", source(pulumi.config("deloton"))));
        StackContext context = context(pulumi, settings);

        Network network = new Network(context, settings);
        Database database = new Database(context, settings.database(), network);
        Broker broker = new Broker(context, settings.kafka(), network);
        Mail mail = new Mail(context, settings);
        Edge edge = new Edge(context, settings, network);
        Delivery delivery = new Delivery(context, settings);
        Optional<Archive> archive =
                settings.archive().map(known -> new Archive(context, known, delivery.archiveRepository.orElseThrow()));
        GatewayService service = new GatewayService(
                context,
                settings,
                network,
                edge,
                database,
                broker,
                mail,
                SignInAccess.of(context, settings),
                delivery.repository,
                archive);
        new Observability(context, settings, edge, database, broker, mail, service, network.dataSubnets.size());
        new AnalystAccess(context, settings.analyst(), network, database);

        pulumi.export("url", Output.of("https://" + settings.deployment().domainName()));
        pulumi.export("repository", delivery.repository.repositoryUrl());
        pulumi.export("cluster", service.clusterName);
        pulumi.export("releaseRole", delivery.releaseRole(service));
        pulumi.export("taskSubnets", Output.all(network.appSubnets));
        pulumi.export("taskSecurityGroup", network.firewall.gateway);
        pulumi.export("analystSecret", database.analystLogin.arn());
        archive.ifPresent(known -> {
            pulumi.export("archiveRepository", known.repository.repositoryUrl());
            pulumi.export("archiveWarehouse", known.warehouse);
            pulumi.export("archiveSecret", known.login.arn());
        });
    }

    private static StackContext context(Context pulumi, Settings settings) {
        String stack = pulumi.stackName();
        if (!STACK_NAME.matcher(stack).matches()) {
            throw new IllegalArgumentException("the stack's name is '" + stack
                    + "'; expected at most 12 lower-case letters, digits and hyphens, such as prod");
        }
        String region = pulumi.config("aws").require("region");
        ProviderArgs.Builder args = ProviderArgs.builder()
                .region(region)
                .defaultTags(ProviderDefaultTagsArgs.builder()
                        .tags(Map.of(
                                "Project",
                                "deloton",
                                "Stack",
                                stack,
                                "ManagedBy",
                                "pulumi",
                                "Owner",
                                settings.deployment().owner(),
                                "CostCenter",
                                settings.deployment().costCenter()))
                        .build());
        settings.deployment().accountId().ifPresent(args::allowedAccountIds);
        Provider provider = new Provider("aws", args.build());
        Output<String> account = AwsFunctions.getCallerIdentity(
                        GetCallerIdentityArgs.Empty,
                        InvokeOptions.builder().provider(provider).build())
                .applyValue(identity -> identity.accountId());
        Output<String> keyArn = EncryptionKey.create(
                        "deloton-" + stack,
                        region,
                        account,
                        backupAccount(settings.database(), region),
                        provider,
                        settings.deployment().protect())
                .arn();
        return new StackContext(
                stack,
                region,
                account,
                provider,
                keyArn,
                settings.deployment().protect(),
                settings.operations().logRetentionDays());
    }

    /** AWS Backup copies an Aurora snapshot to another account or to another region, but not both at once. */
    private static Optional<String> backupAccount(Settings.Database settings, String region) {
        Optional<String[]> vault = settings instanceof Settings.ManagedDatabase managed
                ? managed.backupVault().map(arn -> arn.split(":", -1))
                : Optional.empty();
        vault.filter(parts -> !parts[3].equals(region)).ifPresent(parts -> {
            throw new IllegalArgumentException("deloton:backupVaultArn is in the region " + parts[3]
                    + "; expected a vault in " + region + ", such as arn:aws:backup:" + region
                    + ":210987654321:backup-vault:deloton");
        });
        return vault.map(parts -> parts[4]);
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
