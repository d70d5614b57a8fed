package com.deloton.infra.settings;

import com.pulumi.core.Output;
import java.util.List;
import java.util.Optional;

/** The settings of one stack. The README describes each key. */
public record Settings(
        Deployment deployment,
        Network network,
        Database database,
        Kafka kafka,
        Service service,
        Mail mail,
        Report report,
        Identity identity,
        Operations operations,
        Analyst analyst,
        Delivery delivery,
        Optional<Archive> archive) {

    /**
     * Where the stack is deployed.
     *
     * @param protect whether the stack's data survives a mistaken destroy
     * @param owner value of the tag {@code Owner} of all resources
     * @param costCenter value of the tag {@code CostCenter} of all resources
     */
    public record Deployment(
            String domainName,
            String hostedZoneId,
            Optional<String> accountId,
            boolean protect,
            String owner,
            String costCenter) {}

    /** Where the stack's servers are. */
    public sealed interface Network {}

    /**
     * A network of the stack.
     *
     * @param cidr a /16
     * @param zoneNames availability zones, in an order that must not change
     */
    public record ManagedNetwork(String cidr, List<String> zoneNames, NatMode nat, boolean interfaceEndpoints)
            implements Network {}

    /**
     * Subnets of a network that others manage, one for each zone and tier.
     *
     * @param dataSubnetIds empty if neither the database nor Kafka is managed
     */
    public record ExistingNetwork(
            String vpcId, List<String> publicSubnetIds, List<String> appSubnetIds, List<String> dataSubnetIds)
            implements Network {}

    public enum NatMode {
        SINGLE,
        PER_ZONE
    }

    public sealed interface Database {
        /** Connections per gateway. */
        int poolSize();

        /** The login that owns the schema and migrates it. */
        String owner();
    }

    /**
     * @param instances the first one writes, the others read
     * @param backupVault ARN of a vault in another account that daily backups are copied to
     */
    public record ManagedDatabase(
            String engineVersion,
            double minAcu,
            double maxAcu,
            int instances,
            int backupDays,
            Optional<String> backupVault,
            int poolSize)
            implements Database {
        @Override
        public String owner() {
            return "deloton_owner";
        }
    }

    /**
     * A database that others manage.
     *
     * @param readerHost where analysts connect
     * @param securityGroupId the group of the database, which gets rules for the stack's clients
     * @param ownerSecretArn a secret with the field {@code password} of the owner
     */
    public record ExistingDatabase(
            String host, String readerHost, String securityGroupId, String owner, String ownerSecretArn, int poolSize)
            implements Database {}

    public sealed interface Kafka {
        String topic();

        String groupId();

        int port();
    }

    /** @param bikeUsers logins of the bikes' producers, which get the right to write to the topic */
    public record ManagedKafka(
            String topic,
            String groupId,
            String version,
            String instanceType,
            int storageGb,
            int maxStorageGb,
            List<String> producerCidrs,
            List<String> bikeUsers)
            implements Kafka {
        @Override
        public int port() {
            return 9096;
        }
    }

    public record ExternalKafka(
            String topic,
            String groupId,
            String bootstrapServers,
            SaslMechanism mechanism,
            Output<String> username,
            Output<String> password)
            implements Kafka {
        @Override
        public int port() {
            return Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
        }
    }

    public enum SaslMechanism {
        PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
        SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

        public final String protocolName;
        public final String loginModule;

        SaslMechanism(String protocolName, String loginModule) {
            this.protocolName = protocolName;
            this.loginModule = loginModule;
        }
    }

    /**
     * @param imageDigest empty only while the service is paused
     * @param paused no task runs: before the first migration, or in an emergency
     */
    public record Service(
            Optional<String> imageDigest,
            boolean paused,
            boolean spot,
            Tasks web,
            Tasks ingest,
            int lagPerTask,
            int connectionsPerTask,
            int requestsPerFiveMinutes,
            FirewallMode firewall,
            String collectorImage,
            Architecture architecture) {}

    /** The processor that tasks run on, and that the image must be made for. */
    public enum Architecture {
        X86_64,
        ARM64
    }

    /** Whether the rate limit and the managed rules only count what they match, or block it. */
    public enum FirewallMode {
        COUNT,
        BLOCK
    }

    /** @param cpu in 1/1024 of a virtual CPU; {@code memory} in MiB */
    public record Tasks(int min, int max, int cpu, int memory) {}

    /** @param allowedDomains where mail may go; empty for anywhere */
    public record Mail(String domain, String from, List<String> allowedDomains) {}

    /** @param recipients of the daily report; if empty, no report is made */
    public record Report(
            List<String> recipients, String time, String zone, boolean names, boolean pdf, String unsubscribe) {}

    /** Who signs people in and issues the API's tokens. */
    public sealed interface Identity {}

    public record ExternalIdentity(Api api, SignIn signIn) implements Identity {}

    /** @param domainPrefix of the sign-in page, unique in the region */
    public record CognitoIdentity(String domainPrefix) implements Identity {}

    public record Api(String issuer, String audience, String jwksUrl) {}

    /** The identity provider for sign-in on the dashboard. */
    public record SignIn(String clientId, String authorizationUrl, String tokenUrl, String scope) {}

    public record Operations(int logRetentionDays, List<String> alarmEmails, int monthlyBudgetUsd) {}

    public record Analyst(AnalystMode mode, List<String> principals, String queryLimit) {}

    public enum AnalystMode {
        NONE,
        SESSION_MANAGER,
        PRIVATE_LINK
    }

    /**
     * The repository on GitHub that may release.
     *
     * @param repository {@code owner/name}
     * @param ids the numeric ids in the subject of its tokens; empty for a repository whose subjects have names only
     */
    public record Delivery(String repository, Optional<GitHubIds> ids) {}

    /** The immutable ids that GitHub gave to a repository's owner and to the repository. */
    public record GitHubIds(String owner, String repository) {}

    /**
     * The job that copies closed days to a bucket.
     *
     * @param imageDigest of the job's image; empty only while the service is paused
     * @param everyHours time between two runs
     * @param task the size of its one task
     */
    public record Archive(Optional<String> imageDigest, int everyHours, Tasks task) {}
}
