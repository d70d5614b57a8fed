package com.deloton.infra.settings;

import com.deloton.infra.settings.Settings.AnalystMode;
import com.deloton.infra.settings.Settings.ExternalKafka;
import com.deloton.infra.settings.Settings.Kafka;
import com.deloton.infra.settings.Settings.ManagedKafka;
import com.deloton.infra.settings.Settings.SaslMechanism;
import com.deloton.infra.settings.Settings.Service;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and checks a stack's settings. The defaults are production's. */
public final class SettingsLoader {
    private static final Pattern ANY = Pattern.compile(".+");
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
    private static final Pattern ID = Pattern.compile("[1-9]\\d*");
    private static final Pattern URL = Pattern.compile("https://\\S+");
    private static final Pattern MAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern PRINCIPAL = Pattern.compile(
            "\\d{12}|arn:aws[a-z-]*:organizations::\\d{12}:(organization/o-[a-z0-9]+|ou/o-[a-z0-9]+/ou-[a-z0-9-]+)");
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\S+)?");
    private static final Pattern PRIVATE_CIDR =
            Pattern.compile("(10\\.\\d+|172\\.(1[6-9]|2\\d|3[01])|192\\.168)\\.\\d+\\.\\d+/\\d+");
    private static final List<Integer> RETENTIONS = List.of(
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653);

    private static final Pattern SECURITY_GROUP = Pattern.compile("sg-([0-9a-f]{8}|[0-9a-f]{17})");
    private static final Pattern ROLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern SECRET =
            Pattern.compile("arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[A-Za-z0-9/_+=.@!-]+");
    private static final Pattern VAULT =
            Pattern.compile("arn:aws[a-z-]*:backup:[a-z0-9-]+:\\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N} _.:/=+@-]{1,256}");

    private static final int MAX_CERTIFICATE_NAME = 64;
    private static final int MAX_ALARM_EMAILS = 10;
    private static final int MAX_PRODUCER_RANGES = 50;

    private final SettingsReader reader;

    private SettingsLoader(SettingsReader reader) {
        this.reader = reader;
    }

    public static Settings load(SettingsReader reader) {
        Settings settings = new SettingsLoader(reader).read();
        reader.finish();
        return settings;
    }

    private Settings read() {
        Settings.Deployment deployment = deployment();
        return new Settings(
                deployment,
                new NetworkSettings(reader, this::managesKafka, this::managesDatabase).read(),
                database(),
                kafka(),
                service(),
                mail(deployment),
                report(),
                identity(),
                operations(),
                analyst(),
                delivery(),
                archive());
    }

    private Settings.Deployment deployment() {
        return new Settings.Deployment(
                reader.check(
                        "domainName",
                        reader.required("domainName", HOST, "the public host name, such as bikes.example.com"),
                        name -> name.length() <= MAX_CERTIFICATE_NAME,
                        "at most 64 characters, the longest name of a certificate"),
                reader.required("hostedZoneId", Pattern.compile("Z[A-Z0-9]+"), "the Route 53 zone of the domain, Z..."),
                optional("accountId", Pattern.compile("\\d{12}"), "an account of 12 digits"),
                reader.flag("protect", true),
                reader.text("owner", "deloton", TAG, "a tag's value of letters, digits, spaces and _.:/=+-@"),
                reader.text("costCenter", "deloton", TAG, "a tag's value of letters, digits, spaces and _.:/=+-@"));
    }

    /** Who makes a part of the stack. */
    enum Origin {
        MANAGED,
        EXISTING
    }

    private boolean managesKafka() {
        return reader.choice("kafka", KafkaMode.MANAGED) == KafkaMode.MANAGED;
    }

    private boolean managesDatabase() {
        return reader.choice("database", Origin.MANAGED) == Origin.MANAGED;
    }

    private Settings.Database database() {
        return managesDatabase() ? managedDatabase() : existingDatabase();
    }

    private Settings.Database existingDatabase() {
        String host = reader.required("databaseHost", HOST, "the name of a PostgreSQL server, such as db.example.com");
        return new Settings.ExistingDatabase(
                host,
                reader.text("databaseReaderHost", host, HOST, "the name of a server that analysts read"),
                reader.required(
                        "databaseSecurityGroupId",
                        SECURITY_GROUP,
                        "the security group of the database, such as sg-0a1b2c3d4e5f60718"),
                reader.text("databaseOwner", "deloton_owner", ROLE, "a login of lower-case letters, digits and _"),
                reader.required(
                        "databaseOwnerSecretArn",
                        SECRET,
                        "the ARN of a secret with the field password, such as"
                                + " arn:aws:secretsmanager:eu-west-2:123456789012:secret:deloton-owner-a1b2c3"),
                reader.integer("databasePoolSize", 8, 1, 100));
    }

    private Settings.Database managedDatabase() {
        double min = acu("databaseMinAcu", 1, 0.5);
        return new Settings.ManagedDatabase(
                reader.text("databaseVersion", "17.5", VERSION, "a version such as 17.5"),
                min,
                reader.check(
                        "databaseMaxAcu", acu("databaseMaxAcu", 16, 1), max -> max >= min, "at least databaseMinAcu"),
                reader.integer("databaseInstances", 2, 1, 5),
                reader.integer("databaseBackupDays", 35, 1, 35),
                optional(
                        "backupVaultArn",
                        VAULT,
                        "the ARN of a backup vault in another account, such as"
                                + " arn:aws:backup:eu-west-2:210987654321:backup-vault:deloton"),
                reader.integer("databasePoolSize", 8, 1, 100));
    }

    /** A capacity of Aurora Serverless v2, which comes in halves. */
    private double acu(String key, double fallback, double least) {
        return reader.check(
                key,
                reader.decimal(key, fallback, least, 256),
                acu -> acu % 0.5 == 0,
                "a multiple of 0.5, such as 1.5");
    }

    private enum KafkaMode {
        MANAGED,
        EXTERNAL
    }

    private Kafka kafka() {
        KafkaMode mode = reader.choice("kafka", KafkaMode.MANAGED);
        String topic = reader.text("kafkaTopic", "deloton", Pattern.compile("[A-Za-z0-9._-]+"), "a topic name");
        String group = reader.text("kafkaGroup", "deloton-gateway", Pattern.compile("[A-Za-z0-9._-]+"), "a group name");
        return switch (mode) {
            case MANAGED ->
                new ManagedKafka(
                        topic,
                        group,
                        reader.text(
                                "kafkaVersion",
                                "3.8.x.kraft",
                                VERSION,
                                "a version that MSK offers, such as 3.8.x.kraft"),
                        reader.text("kafkaInstanceType", "kafka.m7g.large", Pattern.compile("kafka\\.\\S+"), "kafka.*"),
                        reader.integer("kafkaStorageGb", 100, 1, 16384),
                        reader.check(
                                "kafkaMaxStorageGb",
                                reader.integer("kafkaMaxStorageGb", 1000, 1, 16384),
                                most -> most >= reader.integer("kafkaStorageGb", 100, 1, 16384),
                                "at least kafkaStorageGb"),
                        reader.check(
                                "kafkaProducerCidrs",
                                reader.list("kafkaProducerCidrs", PRIVATE_CIDR, "private ranges such as 10.9.0.0/16"),
                                ranges -> ranges.size() <= MAX_PRODUCER_RANGES,
                                "at most 50 ranges, because a security group has 60 rules"),
                        reader.list("kafkaBikeUsers", USER, "logins such as bikes"));
            case EXTERNAL ->
                new ExternalKafka(
                        topic,
                        group,
                        reader.required(
                                "kafkaBootstrapServers",
                                Pattern.compile("[^,\\s]+:\\d+(,[^,\\s]+:\\d+)*"),
                                "host:port, with commas between several"),
                        reader.choice("kafkaMechanism", SaslMechanism.PLAIN),
                        reader.secret("kafkaUsername"),
                        reader.secret("kafkaPassword"));
        };
    }

    private Service service() {
        return new Service(
                TaskSettings.imageDigest(reader, "imageDigest"),
                reader.flag("paused", false),
                reader.flag("spot", false),
                TaskSettings.service(reader, "web", 2, 6, 1024, 2048),
                TaskSettings.service(reader, "ingest", 2, 6, 1024, 2048),
                reader.integer("lagPerTask", 5000, 1, 10_000_000),
                reader.integer("connectionsPerTask", 2000, 1, 100_000),
                reader.integer("requestsPerFiveMinutes", 3000, 100, 2_000_000),
                reader.choice("firewall", Settings.FirewallMode.COUNT),
                reader.text(
                        "collectorImage",
                        "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3",
                        Pattern.compile("\\S+[:@]\\S+"),
                        "an image with a tag or digest"),
                reader.choice("architecture", Settings.Architecture.X86_64));
    }

    private Settings.Mail mail(Settings.Deployment deployment) {
        String domain = reader.text("mailDomain", deployment.domainName(), HOST, "a host name");
        return new Settings.Mail(
                domain,
                reader.check(
                        "mailFrom",
                        reader.text("mailFrom", "gateway@" + domain, MAIL, "an address"),
                        from -> from.endsWith("@" + domain),
                        "an address of mailDomain"),
                reader.list("mailAllowedDomains", HOST, "host names"));
    }

    private Settings.Report report() {
        List<String> recipients = reader.list("reportRecipients", MAIL, "addresses");
        return new Settings.Report(
                recipients,
                reader.text(
                        "reportTime", "09:30", Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d"), "a time such as 09:30"),
                reader.check(
                        "reportZone",
                        reader.text("reportZone", "Europe/London", ANY, "a time zone"),
                        ZoneId.getAvailableZoneIds()::contains,
                        "a time zone such as Europe/London"),
                reader.flag("reportNames", false),
                reader.flag("reportPdf", false),
                reader.check(
                        "reportUnsubscribe",
                        reader.text(
                                "reportUnsubscribe",
                                "",
                                Pattern.compile("(https://|mailto:)[^\\s<>,\"]+"),
                                "an https or mailto address"),
                        address -> !address.isEmpty() || recipients.isEmpty(),
                        "a mailbox that is read, such as mailto:reports@example.com, or an https address; mailFrom receives no"
                                + " mail"));
    }

    private enum IdentityMode {
        EXTERNAL,
        COGNITO
    }

    private Settings.Identity identity() {
        return switch (reader.choice("identity", IdentityMode.EXTERNAL)) {
            case EXTERNAL -> new Settings.ExternalIdentity(api(), signIn());
            case COGNITO ->
                new Settings.CognitoIdentity(
                        reader.required(
                                "cognitoDomain",
                                Pattern.compile("(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
                                "a prefix of lower-case letters, digits and hyphens, such as deloton-prod, without aws, amazon or cognito"));
        };
    }

    private Settings.Api api() {
        return new Settings.Api(
                reader.required("jwtIssuer", URL, "the issuer's https address"),
                reader.text("jwtAudience", "deloton-api", ANY, "a name"),
                reader.required("jwtJwksUrl", URL, "the https address of the issuer's keys"));
    }

    private Settings.SignIn signIn() {
        return new Settings.SignIn(
                reader.required("signInClientId", ANY, "the dashboard's id at the identity provider"),
                reader.required("signInAuthorizationUrl", URL, "the provider's https address where people sign in"),
                reader.required("signInTokenUrl", URL, "the provider's https address that gives tokens"),
                reader.text("signInScope", "openid rides:read riders:read alerts:write", ANY, "scopes"));
    }

    private Settings.Operations operations() {
        return new Settings.Operations(
                reader.check(
                        "logRetentionDays",
                        reader.integer("logRetentionDays", 90, 1, 3653),
                        RETENTIONS::contains,
                        "one of " + RETENTIONS),
                reader.check(
                        "alarmEmails",
                        reader.list("alarmEmails", MAIL, "addresses"),
                        list -> list.size() <= MAX_ALARM_EMAILS,
                        "at most 10 addresses, as many as a budget notifies"),
                reader.integer("monthlyBudgetUsd", 2000, 1, 1_000_000));
    }

    private Settings.Analyst analyst() {
        AnalystMode mode = reader.choice("analyst", AnalystMode.NONE);
        List<String> principals =
                reader.list("analystPrincipals", PRINCIPAL, "accounts of 12 digits, or ARNs of organisations or units");
        return new Settings.Analyst(
                mode,
                reader.check(
                        "analystPrincipals",
                        principals,
                        list -> mode != AnalystMode.PRIVATE_LINK || !list.isEmpty(),
                        "a list of accounts, organisations or units to share with, when analyst is private-link"),
                reader.text("analystQueryLimit", "5m", Pattern.compile("[1-9]\\d*[smh]"), "a duration such as 5m"));
    }

    private Settings.Delivery delivery() {
        return new Settings.Delivery(
                reader.required("githubRepository", Pattern.compile("[\\w.-]+/[\\w.-]+"), "owner/name"), gitHubIds());
    }

    private Optional<Settings.GitHubIds> gitHubIds() {
        Optional<String> owner = optional("githubOwnerId", ID, "the owner's numeric id on GitHub");
        Optional<String> repository = optional("githubRepositoryId", ID, "the repository's numeric id on GitHub");
        reader.check(
                "githubRepositoryId",
                repository.orElse(""),
                id -> owner.isPresent() == !id.isEmpty(),
                "set together with githubOwnerId, or not at all");
        return owner.flatMap(id -> repository.map(other -> new Settings.GitHubIds(id, other)));
    }

    private Optional<Settings.Archive> archive() {
        boolean wanted = reader.flag("archive", false);
        Optional<String> digest = wanted ? TaskSettings.imageDigest(reader, "archiveImageDigest") : Optional.empty();
        Settings.Archive archive = new Settings.Archive(
                digest, reader.integer("archiveEveryHours", 6, 1, 12), TaskSettings.job(reader, "archive", 512, 1024));
        return wanted ? Optional.of(archive) : Optional.empty();
    }

    private Optional<String> optional(String key, Pattern form, String right) {
        return Optional.of(reader.text(key, "", form, right)).filter(text -> !text.isEmpty());
    }
}
