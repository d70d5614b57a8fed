package com.deloton.infra.database;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.Logs;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.base.StoredSecret;
import com.deloton.infra.network.Firewall;
import com.deloton.infra.network.Network;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.ExistingDatabase;
import com.deloton.infra.settings.Settings.ManagedDatabase;
import com.pulumi.aws.cloudwatch.LogGroup;
import com.pulumi.aws.rds.Cluster;
import com.pulumi.aws.rds.ClusterArgs;
import com.pulumi.aws.rds.ClusterInstance;
import com.pulumi.aws.rds.ClusterInstanceArgs;
import com.pulumi.aws.rds.ClusterParameterGroup;
import com.pulumi.aws.rds.ClusterParameterGroupArgs;
import com.pulumi.aws.rds.SubnetGroup;
import com.pulumi.aws.rds.SubnetGroupArgs;
import com.pulumi.aws.rds.inputs.ClusterParameterGroupParameterArgs;
import com.pulumi.aws.rds.inputs.ClusterServerlessv2ScalingConfigurationArgs;
import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL: a cluster of the stack on private subnets, or an existing server. Three logins: the owner (in a cluster kept and
 * rotated by RDS, for migrations only), the gateway's and the analysts'. The migration makes the roles behind the last two,
 * {@code database/roles.sql} sets their passwords.
 */
public final class Database extends Component {
    public static final String NAME = "deloton";
    public static final String GATEWAY = "deloton_gateway";
    public static final String ANALYST = "tableau";
    public static final String ARCHIVE = "deloton_archive";

    public final Output<String> endpoint;
    public final Output<String> readerEndpoint;

    /** The managed cluster's identifier; empty for an existing database. */
    public final Optional<Output<String>> clusterId;

    public final Output<String> ownerSecretArn;
    public final StoredSecret gatewayLogin;
    public final StoredSecret analystLogin;

    public Database(StackContext context, Settings.Database settings, Network network) {
        super("Database", "database", context);
        switch (settings) {
            case ManagedDatabase managed -> {
                Cluster cluster = cluster(managed, network);
                for (int i = 0; i < managed.instances(); i++) {
                    instance(cluster, i);
                }
                managed.backupVault().ifPresent(vault -> Backups.copied(this, cluster.arn(), vault));
                this.endpoint = cluster.endpoint();
                this.readerEndpoint = cluster.readerEndpoint();
                this.clusterId = Optional.of(cluster.clusterIdentifier());
                this.ownerSecretArn = cluster.masterUserSecrets()
                        .applyValue(secrets -> secrets.isEmpty()
                                ? ""
                                : secrets.getFirst().secretArn().orElse(""));
            }
            case ExistingDatabase existing -> {
                this.endpoint = Output.of(existing.host());
                this.readerEndpoint = Output.of(existing.readerHost());
                this.clusterId = Optional.empty();
                this.ownerSecretArn = Output.of(existing.ownerSecretArn());
            }
        }
        this.gatewayLogin = StoredSecret.login(this, "database-gateway", GATEWAY);
        this.analystLogin = StoredSecret.login(this, "database-analyst", ANALYST);
        done();
    }

    private Cluster cluster(ManagedDatabase settings, Network network) {
        String name = context().name("database");
        LogGroup logs = Logs.group(this, "database", "/aws/rds/cluster/" + name + "/postgresql");
        SubnetGroup subnets = new SubnetGroup(
                name,
                SubnetGroupArgs.builder()
                        .subnetIds(Output.all(network.dataSubnets))
                        .build(),
                own());
        return new Cluster(
                name,
                ClusterArgs.builder()
                        .clusterIdentifier(name)
                        .engine("aurora-postgresql")
                        .engineVersion(settings.engineVersion())
                        .databaseName(NAME)
                        .port(Firewall.DATABASE_PORT)
                        .masterUsername(settings.owner())
                        .manageMasterUserPassword(true)
                        .masterUserSecretKmsKeyId(context().keyArn())
                        .storageEncrypted(true)
                        .kmsKeyId(context().keyArn())
                        .dbSubnetGroupName(subnets.name())
                        .vpcSecurityGroupIds(network.firewall.database.applyValue(List::of))
                        .dbClusterParameterGroupName(parameters(settings).name())
                        .serverlessv2ScalingConfiguration(ClusterServerlessv2ScalingConfigurationArgs.builder()
                                .minCapacity(settings.minAcu())
                                .maxCapacity(settings.maxAcu())
                                .build())
                        .backupRetentionPeriod(settings.backupDays())
                        .preferredBackupWindow("02:00-03:00")
                        .preferredMaintenanceWindow("sun:03:30-sun:04:30")
                        .copyTagsToSnapshot(true)
                        .deletionProtection(context().protect())
                        .skipFinalSnapshot(!context().protect())
                        .finalSnapshotIdentifier(name + "-final")
                        .enabledCloudwatchLogsExports("postgresql")
                        .build(),
                with().protect(context().protect()).dependsOn(logs).build());
    }

    private ClusterParameterGroup parameters(ManagedDatabase settings) {
        String major = settings.engineVersion().split("\\.", 2)[0];
        return new ClusterParameterGroup(
                context().name("database"),
                ClusterParameterGroupArgs.builder()
                        .family("aurora-postgresql" + major)
                        .parameters(
                                parameter("rds.force_ssl", "1"),
                                parameter("log_min_duration_statement", "1000"),
                                parameter("idle_in_transaction_session_timeout", "60000"))
                        .build(),
                own());
    }

    private static ClusterParameterGroupParameterArgs parameter(String name, String value) {
        return ClusterParameterGroupParameterArgs.builder()
                .name(name)
                .value(value)
                .build();
    }

    private void instance(Cluster cluster, int number) {
        new ClusterInstance(
                context().name("database-" + number),
                ClusterInstanceArgs.builder()
                        .clusterIdentifier(cluster.id())
                        .engine("aurora-postgresql")
                        .engineVersion(cluster.engineVersion())
                        .instanceClass("db.serverless")
                        .publiclyAccessible(false)
                        .autoMinorVersionUpgrade(false)
                        .performanceInsightsEnabled(true)
                        .performanceInsightsKmsKeyId(context().keyArn())
                        .promotionTier(number)
                        .build(),
                guarded());
    }
}
