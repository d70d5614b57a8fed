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
                    domainName            | localhost          | is 'localhost'; it must be the public host name, such as bikes.example.com
                    zones                 | 4                  | is '4'; it must be a whole number from 2 to 3
                    zones                 | many               | is 'many'; it must be a whole number from 2 to 3
                    nat                   | none               | is 'none'; it must be one of per-zone, single
                    cidr                  | 192.168.0.0/16     | is '192.168.0.0/16'; it must be 10.N.0.0/16
                    protect               | yes                | is 'yes'; it must be one of false, true
                    databaseMaxAcu        | 1.5                | is '1.5'; it must be at least databaseMinAcu
                    kafkaProducerCidrs    | ["0.0.0.0/0"]      | is '0.0.0.0/0'; it must be a list of private ranges such as 10.9.0.0/16
                    imageDigest           | latest             | is 'latest'; it must be sha256: and 64 hexadecimal digits
                    webCpu                | 1000               | is '1000'; it must be 256, 512, 1024, 2048, 4096, 8192 or 16384
                    webMax                | 1                  | is '1'; it must be at least webMin
                    mailFrom              | me@elsewhere.com   | is 'me@elsewhere.com'; it must be an address of mailDomain
                    reportTime            | 9:30               | is '9:30'; it must be a time such as 09:30
                    reportRecipients      | board@example.com  | is 'board@example.com'; it must be a list of addresses
                    jwtIssuer             | http://issuer      | is 'http://issuer'; it must be the issuer's https address
                    logRetentionDays      | 10                 | is '10'; it must be one of [1, 3, 5
                    accountId             | 42                 | is '42'; it must be an account of 12 digits
                    analystPrincipals     | []                 | is '[]'; it must be a list of account, organisation or unit ARNs
                    hostedZoneId          | bikes              | is 'bikes'; it must be the Route 53 zone of the domain, Z...
                    databaseVersion       | latest             | is 'latest'; it must be a version such as 17.5
                    databaseInstances     | 0                  | is '0'; it must be a whole number from 1 to 5
                    databaseMinAcu        | little             | is 'little'; it must be a number from 0.5 to 256
                    kafka                 | mine               | is 'mine'; it must be one of external, managed
                    kafkaInstanceType     | m7g.large          | is 'm7g.large'; it must be kafka.*
                    ingestMemory          | 512                | is '512'; it must be 2 to 8 times ingestCpu
                    alarmEmails           | null               | is 'null'; it must be a list of addresses
                    reportZone            | Europe/Londn       | is 'Europe/Londn'; it must be a time zone such as Europe/London
                    reportUnsubscribe     | http://leave       | is 'http://leave'; it must be an https or mailto address
                    reportPdf             | yes                | is 'yes'; it must be one of false, true
                    signInTokenUrl        | /oauth/token       | is '/oauth/token'; it must be the provider's https address that gives tokens
                    analystQueryLimit     | 5 minutes          | is '5 minutes'; it must be a duration such as 5m
                    collectorImage        | collector          | is 'collector'; it must be an image with a tag or digest
                    alarmEmails           | ["on-call"]        | is 'on-call'; it must be a list of addresses
                    jwtJwksUrl            | keys.json          | is 'keys.json'; it must be the https address of the issuer's keys
                    githubOidcProviderArn | github             | is 'github'; it must be the ARN of the account's provider
                    githubRepository      | gateway            | is 'gateway'; it must be owner/name
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
                "jwtJwksUrl",
                "signInClientId",
                "githubRepository",
                "imageDigest"
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
                .hasMessageContaining("deloton:kafkaBootstrapServers is 'pkc-1'; it must be host:port");
        assertThatThrownBy(() -> load(StackConfig.of("dev").with("deloton:kafkaMechanism", "kerberos")))
                .hasMessageContaining("it must be one of plain, scram-sha-512");
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        StackConfig config =
                StackConfig.of("prod").without("deloton:domainName").with("deloton:zones", "9");
        assertThatThrownBy(() -> load(config))
                .hasMessageContaining("deloton:domainName")
                .hasMessageContaining("deloton:zones");
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
        for (String stack : Stacks.NAMES) {
            SettingsReader reader = reader(StackConfig.of(stack));
            SettingsLoader.load(reader);
            keys.addAll(reader.keys());
        }
        String readme = Files.readString(Path.of("README.md"));
        assertThat(keys).allSatisfy(key -> assertThat(readme).contains("`" + key + "`"));
        for (String stack : Stacks.NAMES) {
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
