package com.deloton.infra.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.infra.engine.StackConfig;
import com.deloton.infra.engine.Stacks;
import com.pulumi.core.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    domainName            | localhost          | is 'localhost'; expected the public host name, such as bikes.example.com
                    zoneNames             | 3                  | is '3'; expected a list of availability zones such as eu-west-2a
                    zoneNames             | ["eu-west-2"]      | is 'eu-west-2'; expected a list of availability zones such as eu-west-2a
                    zoneNames             | ["eu-west-2a", "eu-west-2b"] | is '[eu-west-2a, eu-west-2b]'; expected three different zones, because kafka is managed
                    zoneNames             | ["eu-west-2a", "eu-west-2b", "eu-west-2b"] | is '[eu-west-2a, eu-west-2b, eu-west-2b]'; expected three different zones
                    identity              | okta               | is 'okta'; expected one of cognito, external
                    architecture          | arm                | is 'arm'; expected one of arm64, x86-64
                    costCenter            | a;b                | is 'a;b'; expected a tag's value of letters, digits, spaces and _.:/=+-@
                    webMemory             | 512                | is '512'; expected a whole number from 1024 to 122880
                    kafkaMaxStorageGb     | 50                 | is '50'; expected at least kafkaStorageGb
                    firewall              | off                | is 'off'; expected one of block, count
                    nat                   | none               | is 'none'; expected one of per-zone, single
                    cidr                  | 192.168.0.0/16     | is '192.168.0.0/16'; expected 10.N.0.0/16
                    protect               | yes                | is 'yes'; expected one of false, true
                    databaseMaxAcu        | 1.5                | is '1.5'; expected at least databaseMinAcu
                    kafkaProducerCidrs    | ["0.0.0.0/0"]      | is '0.0.0.0/0'; expected a list of private ranges such as 10.9.0.0/16
                    imageDigest           | latest             | is 'latest'; expected sha256: and 64 hexadecimal digits
                    webCpu                | 1000               | is '1000'; expected 256, 512, 1024, 2048, 4096, 8192 or 16384
                    webMax                | 1                  | is '1'; expected at least webMin
                    mailFrom              | me@elsewhere.com   | is 'me@elsewhere.com'; expected an address of mailDomain
                    reportTime            | 9:30               | is '9:30'; expected a time such as 09:30
                    reportRecipients      | board@example.com  | is 'board@example.com'; expected a list of addresses
                    jwtIssuer             | http://issuer      | is 'http://issuer'; expected the issuer's https address
                    logRetentionDays      | 10                 | is '10'; expected one of [1, 3, 5
                    accountId             | 42                 | is '42'; expected an account of 12 digits
                    analystPrincipals     | []                 | is '[]'; expected a list of accounts, organisations or units
                    hostedZoneId          | bikes              | is 'bikes'; expected the Route 53 zone of the domain, Z...
                    databaseVersion       | latest             | is 'latest'; expected a version such as 17.5
                    databaseInstances     | 0                  | is '0'; expected a whole number from 1 to 5
                    databaseMinAcu        | little             | is 'little'; expected a number from 0.5 to 256
                    kafka                 | mine               | is 'mine'; expected one of external, managed
                    kafkaInstanceType     | m7g.large          | is 'm7g.large'; expected kafka.*
                    ingestMemory          | 2500               | is '2500'; expected a size that Fargate offers for ingestCpu, such as 2048
                    databaseMaxAcu        | 2.7                | is '2.7'; expected a multiple of 0.5, such as 1.5
                    cidr                  | 10.300.0.0/16      | is '10.300.0.0/16'; expected 10.N.0.0/16
                    domainName            | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com | is 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com'; expected at most 64 characters
                    alarmEmails           | null               | is 'null'; expected a list of addresses
                    reportZone            | Europe/Londn       | is 'Europe/Londn'; expected a time zone such as Europe/London
                    reportUnsubscribe     | http://leave       | is 'http://leave'; expected an https or mailto address
                    reportPdf             | yes                | is 'yes'; expected one of false, true
                    signInTokenUrl        | /oauth/token       | is '/oauth/token'; expected the provider's https address that gives tokens
                    analystQueryLimit     | 5 minutes          | is '5 minutes'; expected a duration such as 5m
                    collectorImage        | collector          | is 'collector'; expected an image with a tag or digest
                    alarmEmails           | ["on-call"]        | is 'on-call'; expected a list of addresses
                    jwtJwksUrl            | keys.json          | is 'keys.json'; expected the https address of the issuer's keys
                    githubOwnerId         | octocat            | is 'octocat'; expected the owner's numeric id on GitHub
                    analystPrincipals     | ["arn:aws:iam::1"] | is 'arn:aws:iam::1'; expected a list of accounts of 12 digits, or ARNs of organisations or units
                    archive               | on                 | is 'on'; expected one of false, true
                    archiveImageDigest    | latest             | is 'latest'; expected sha256: and 64 hexadecimal digits
                    archiveEveryHours     | 24                 | is '24'; expected a whole number from 1 to 12
                    archiveMemory         | 2500               | is '2500'; expected a size that Fargate offers for archiveCpu, such as 1024
                    kafkaBikeUsers        | ["a b"]            | is 'a b'; expected a list of logins such as bikes
                    githubRepository      | gateway            | is 'gateway'; expected owner/name
                    """)
    void aFaultNamesKeyValueAndWhatWouldBeRight(String key, String value, String message) {
        StackConfig config =
                StackConfig.of("prod").with("deloton:databaseMinAcu", "2").with("deloton:" + key, value);
        assertThatThrownBy(() -> load(config)).hasMessageContaining("deloton:" + key + " " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "domainName",
                "hostedZoneId",
                "jwtIssuer",
                "zoneNames",
                "reportUnsubscribe",
                "jwtJwksUrl",
                "signInClientId",
                "githubRepository",
                "imageDigest",
                "archiveImageDigest"
            })
    void aMissingKeyIsNamed(String key) {
        assertThatThrownBy(() -> load(StackConfig.of("prod").without("deloton:" + key)))
                .hasMessageContaining("deloton:" + key);
    }

    @Test
    void aMissingSecretSaysHowToSetIt() {
        assertThatThrownBy(() -> load(StackConfig.of("dev").without("deloton:kafkaPassword")))
                .hasMessageContaining("pulumi config set --secret deloton:kafkaPassword");
    }

    @Test
    void anExistingClusterNeedsPorts() {
        assertThatThrownBy(() -> load(StackConfig.of("dev").with("deloton:kafkaBootstrapServers", "pkc-1")))
                .hasMessageContaining("deloton:kafkaBootstrapServers is 'pkc-1'; expected host:port");
        assertThatThrownBy(() -> load(StackConfig.of("dev").with("deloton:kafkaMechanism", "kerberos")))
                .hasMessageContaining("expected one of plain, scram-sha-512");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    network                 | none            | is 'none'; expected one of existing, managed
                    database                | mine            | is 'mine'; expected one of existing, managed
                    vpcId                   | my-vpc          | is 'my-vpc'; expected the id of a VPC, such as vpc-0a1b2c3d4e5f60718
                    publicSubnetIds         | []              | is '[]'; expected two or three different subnets in different zones for the load balancer
                    appSubnetIds            | ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60711"] | expected two or three different subnets in different zones for the tasks
                    appSubnetIds            | ["10.0.0.0/24"] | is '10.0.0.0/24'; expected a list of subnets such as subnet-0a1b2c3d4e5f60718
                    databaseHost            | db              | is 'db'; expected the name of a PostgreSQL server, such as db.example.com
                    databaseSecurityGroupId | default         | is 'default'; expected the security group of the database, such as sg-0a1b2c3d4e5f60718
                    databaseOwnerSecretArn  | owner           | is 'owner'; expected the ARN of a secret with the field password, such as arn:aws:secretsmanager:
                    databaseOwner           | Owner           | is 'Owner'; expected a login of lower-case letters, digits and _
                    """)
    void aFaultInAnExistingNetworkOrDatabaseIsNamed(String key, String value, String message) {
        assertThatThrownBy(() -> load(StackConfig.of("existing").with("deloton:" + key, value)))
                .hasMessageContaining("deloton:" + key + " ")
                .hasMessageContaining(message);
    }

    @Test
    void anExistingNetworkNeedsASubnetInEachZoneOfWhatIsManaged() {
        StackConfig existing = StackConfig.of("existing");
        assertThatThrownBy(() -> load(existing.with("deloton:kafka", "managed")))
                .hasMessageContaining("deloton:dataSubnetIds is '[]'; expected three different subnets");
        assertThatThrownBy(() -> load(existing.with("deloton:database", "managed")))
                .hasMessageContaining("deloton:dataSubnetIds is '[]'; expected two or three different subnets");
    }

    @Test
    void aBackupVaultIsAnArnAndProducersFitIntoASecurityGroup() {
        assertThatThrownBy(() -> load(StackConfig.of("prod").with("deloton:backupVaultArn", "deloton")))
                .hasMessageContaining("deloton:backupVaultArn is 'deloton'; expected the ARN of a backup vault");
        assertThatThrownBy(() -> load(StackConfig.of("prod")
                        .with("deloton:kafkaProducerCidrs", "[" + "\"10.9.0.0/16\", ".repeat(50) + "\"10.9.0.0/16\"]")))
                .hasMessageContaining("expected at most 50 ranges, because a security group has 60 rules");
    }

    @Test
    void gitHubsIdsAreSetTogether() {
        assertThatThrownBy(() -> load(StackConfig.of("prod").with("deloton:githubOwnerId", "123456")))
                .hasMessageContaining(
                        "deloton:githubRepositoryId is ''; expected set together with githubOwnerId, or not at all");
        assertThat(load(StackConfig.of("prod")
                                .with("deloton:githubOwnerId", "123456")
                                .with("deloton:githubRepositoryId", "456789"))
                        .delivery()
                        .ids())
                .contains(new Settings.GitHubIds("123456", "456789"));
    }

    @Test
    void aUserPoolNeedsAPrefixAndNoProvider() {
        StackConfig cognito = StackConfig.of("prod")
                .with("deloton:identity", "cognito")
                .without("deloton:jwtIssuer")
                .without("deloton:signInClientId");

        assertThat(load(cognito.with("deloton:cognitoDomain", "deloton-prod")).identity())
                .isEqualTo(new Settings.CognitoIdentity("deloton-prod"));
        assertThatThrownBy(() -> load(cognito)).hasMessageContaining("deloton:cognitoDomain");
        assertThatThrownBy(() -> load(cognito.with("deloton:cognitoDomain", "my-aws")))
                .hasMessageContaining("deloton:cognitoDomain is 'my-aws'; expected a prefix");
    }

    @Test
    void anAnalystsAccountIsTwelveDigits() {
        assertThat(load(StackConfig.of("prod").with("deloton:analystPrincipals", "[\"210987654321\"]"))
                        .analyst()
                        .principals())
                .containsExactly("210987654321");
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        StackConfig config =
                StackConfig.of("prod").without("deloton:domainName").with("deloton:nat", "none");
        assertThatThrownBy(() -> load(config))
                .hasMessageContaining("deloton:domainName")
                .hasMessageContaining("deloton:nat");
    }

    @Test
    void aPausedStackNeedsNoImage() {
        Settings settings =
                load(StackConfig.of("prod").without("deloton:imageDigest").with("deloton:paused", "true"));
        assertThat(settings.service().imageDigest()).isEmpty();
    }

    @Test
    void everyKeyIsInTheReadmeAndEveryStackUsesKnownKeys() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String stack : Stacks.all().toList()) {
            SettingsReader reader = reader(StackConfig.of(stack));
            SettingsLoader.load(reader);
            keys.addAll(reader.keys());
        }
        String readme = Files.readString(Path.of("README.md"));
        assertThat(keys).allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
        for (String stack : Stacks.all().toList()) {
            assertThat(StackConfig.file(stack).keySet().stream()
                            .filter(key -> key.startsWith("deloton:"))
                            .map(key -> key.substring("deloton:".length())))
                    .isSubsetOf(keys);
        }
    }

    private static Settings load(StackConfig config) {
        return SettingsLoader.load(reader(config));
    }

    private static SettingsReader reader(StackConfig config) {
        Map<String, String> values = config.values();
        return new SettingsReader("deloton", new ConfigSource() {
            @Override
            public Optional<String> get(String key) {
                return Optional.ofNullable(values.get("deloton:" + key));
            }

            @Override
            public Output<Optional<String>> getSecret(String key) {
                return Output.ofSecret(get(key));
            }
        });
    }
}
