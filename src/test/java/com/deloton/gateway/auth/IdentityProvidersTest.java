package com.deloton.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.ConfigLoader;
import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Verifies tokens as the providers shape them, with the settings of {@code docs/identity-providers.md}. */
class IdentityProvidersTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final KeyPair KEY = TestIssuer.ec();
    private static final Vertx VERTX = Vertx.vertx();
    private static final Map<String, String> MANDATORY = Map.of(
            "DELOTON_GATEWAY_ROLES", "api",
            "DELOTON_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
            "DELOTON_DATABASE_HOST", "localhost",
            "DELOTON_DATABASE_USER", "gateway",
            "DELOTON_DATABASE_PASSWORD", "secret");

    @TempDir
    Path folder = Path.of("");

    @AfterAll
    static void close() {
        VERTX.close();
    }

    /** A token, and what {@code docs/identity-providers.md} says about it. */
    record Shape(String provider, String token, String claims, String answer) {
        String row() {
            return "| %s | %s | %s |".formatted(provider, token, answer.replace("|", "\\|"));
        }

        @Override
        public String toString() {
            return provider + ", " + token;
        }
    }

    private static List<Shape> shapes() {
        return List.of(
                new Shape(
                        "Amazon Cognito",
                        "user, scopes of a resource server",
                        "{'sub':'u','client_id':'4example7client','token_use':'access','scope':'openid deloton/rides:read deloton/riders:read'}",
                        "`u` with `openid`, `riders:read`, `rides:read`"),
                new Shape(
                        "Amazon Cognito",
                        "another client",
                        "{'sub':'u','client_id':'other','scope':'deloton/rides:read'}",
                        "401: the claim aud is missing, and the client id is not one of api.jwt.client-ids"),
                new Shape(
                        "Amazon Cognito",
                        "ID token",
                        "{'sub':'u','aud':'deloton-api','token_use':'id'}",
                        "401: the token is an ID token, not an access token"),
                new Shape(
                        "Microsoft Entra ID",
                        "user, `scp`",
                        "{'aud':'00000000-0000-4000-8000-000000000002','azp':'spa','scp':'rides:read riders:read','sub':'pairwise','ver':'2.0'}",
                        "`pairwise` with `riders:read`, `rides:read`"),
                new Shape(
                        "Microsoft Entra ID",
                        "application, `roles`",
                        "{'aud':'00000000-0000-4000-8000-000000000002','azp':'svc','roles':['rides:read'],'sub':'o','ver':'2.0'}",
                        "`o` with `rides:read`"),
                new Shape(
                        "Auth0",
                        "user, RBAC",
                        "{'aud':['deloton-api','https://example.eu.auth0.com/userinfo'],'azp':'spa','sub':'auth0|1','scope':'openid profile','permissions':['rides:read']}",
                        "`auth0|1` with `rides:read`"),
                new Shape(
                        "Okta",
                        "user, `scp` as a list",
                        "{'aud':'deloton-api','cid':'0oa1example','uid':'00u','scp':['openid','rides:read'],'sub':'jo@example.com'}",
                        "`jo@example.com` with `openid`, `rides:read`"),
                new Shape(
                        "Okta",
                        "without the scope of the operation",
                        "{'aud':'deloton-api','sub':'u','scp':['openid']}",
                        "`u` with `openid`"),
                new Shape(
                        "Okta",
                        "ID token with a nonce",
                        "{'aud':'deloton-api','sub':'u','nonce':'n','scp':['rides:read']}",
                        "401: the token is an ID token, not an access token"),
                new Shape(
                        "Okta",
                        "ID token for the client",
                        "{'aud':'deloton-api','azp':'deloton-api','sub':'u','at_hash':'h'}",
                        "401: the token is an ID token, not an access token"),
                new Shape("Okta", "neither `sub` nor client", "{'aud':'deloton-api'}", "401: the claim sub is missing"),
                new Shape(
                        "Okta",
                        "numeric `sub`",
                        "{'aud':'deloton-api','sub':42,'scp':['rides:read']}",
                        "401: the claim sub is not text (RFC 7519, section 4.1.2); expected for example \"42\" instead of 42"),
                new Shape(
                        "Keycloak",
                        "user, audience mapper",
                        "{'aud':['deloton-api','account'],'azp':'dash','sub':'f:1','typ':'Bearer','scope':'openid email rides:read'}",
                        "`f:1` with `email`, `openid`, `rides:read`"),
                new Shape(
                        "Keycloak",
                        "client credentials without `sub`",
                        "{'aud':['deloton-api'],'azp':'service','typ':'Bearer','scope':'rides:read'}",
                        "`service` with `rides:read`"),
                new Shape(
                        "Keycloak",
                        "default audience `account`",
                        "{'aud':'account','azp':'dash','sub':'f:1','scope':'rides:read'}",
                        "401: the claim aud names another audience"),
                new Shape(
                        "Keycloak",
                        "ID token",
                        "{'aud':'deloton-api','typ':'ID','sub':'f:1'}",
                        "401: the token is an ID token, not an access token"),
                new Shape(
                        "Google",
                        "ID token, domain mapped to scopes",
                        "{'aud':'1234-example.apps.googleusercontent.com','azp':'1234-example.apps.googleusercontent.com','sub':'11','hd':'example.com','at_hash':'h'}",
                        "`11` with `rides:read`"),
                new Shape(
                        "Zitadel",
                        "user, roles as an object",
                        "{'aud':['123456789012345678'],'client_id':'2','sub':'1','urn:zitadel:iam:org:project:roles':{'rides:read':{'1':'x'}}}",
                        "`1` with `rides:read`"),
                new Shape(
                        "Dex",
                        "ID token, groups mapped to scopes",
                        "{'aud':'deloton-dashboard','sub':'Cg0','at_hash':'h','groups':['coaches','others']}",
                        "`Cg0` with `alerts:write`, `others`, `riders:read`, `rides:read`"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void answersTheTokensOfEachProviderAsDocumented(Shape shape) {
        JwtConfig config = documented(shape.provider());

        assertThat(answer(config, token(config, shape.claims()))).isEqualTo(shape.answer());
    }

    @Test
    void theDocumentHasTheTableOfThisTest() {
        List<String> documented = document()
                .lines()
                .dropWhile(line -> !line.startsWith("| Provider | Token |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(documented).isEqualTo(shapes().stream().map(Shape::row).toList());
    }

    private static String answer(JwtConfig config, String token) {
        try {
            Caller caller = caller(config, token);
            return "`%s` with %s"
                    .formatted(
                            caller.subject(),
                            caller.scopes().stream()
                                    .sorted()
                                    .map(scope -> "`" + scope + "`")
                                    .collect(Collectors.joining(", ")));
        } catch (InvalidTokenException e) {
            return "401: " + e.getMessage();
        }
    }

    @Test
    void takesAnAccessTokenWithNonceForOneIfItsAudienceIsNotItsClient() {
        JwtConfig config = documented("Okta");

        assertThat(caller(
                                config,
                                token(config, "{'aud':'deloton-api','azp':'spa','sub':'u','nonce':'n','scp':['ops']}"))
                        .scopes())
                .containsExactly("ops");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "rider_id ; {'rider_id':4826} ; 4826",
                "rider_id ; {'rider_id':'4826'} ; 4826",
                "sub ; {'sub':'4826'} ; 4826",
                "https://deloton.example.com/rider ; {'https://deloton.example.com/rider':4826} ; 4826",
                "user.rider ; {'user':{'rider':'4826'}} ; 4826",
                "rider_id ; {'sub':'4826'} ; `none`",
                "rider_id ; {'rider_id':0} ; `none`",
                "rider_id ; {'rider_id':-4826} ; `none`",
                "rider_id ; {'rider_id':4826.0} ; `none`",
                "rider_id ; {'rider_id':'04826'} ; `none`",
                "rider_id ; {'rider_id':'+4826'} ; `none`",
                "rider_id ; {'rider_id':['4826']} ; `none`",
                "rider_id ; {'rider_id':9223372036854775808} ; `none`",
            })
    void takesTheRiderFromTheConfiguredClaimOnly(String claim, String claims, String rider) {
        JwtConfig config = config(
                Map.of("DELOTON_API_JWT_ISSUER", "https://id.example.com", "DELOTON_API_JWT_RIDER_CLAIM", claim));

        Caller caller = caller(
                config,
                token(config, claims.replaceFirst("\\{", "{'aud':'deloton-api','scope':'self','client_id':'app',")));

        assertThat(caller.rider()).isEqualTo(rider.equals("none") ? null : (Long) Long.parseLong(rider));
    }

    @Test
    void looksUpAClaimLiterallyBeforeAsAPath() {
        JwtConfig config = config(Map.of(
                "DELOTON_API_JWT_ISSUER", "https://id.example.com",
                "DELOTON_API_JWT_SCOPE_CLAIMS", "realm_access.roles"));

        String nested = token(config, "{'aud':'deloton-api','sub':'u','realm_access':{'roles':['ops']}}");
        String literal = token(
                config,
                "{'aud':'deloton-api','sub':'u','realm_access.roles':'rides:read','realm_access':{'roles':['ops']}}");

        assertThat(caller(config, nested).scopes()).containsExactly("ops");
        assertThat(caller(config, literal).scopes()).containsExactly("rides:read");
    }

    @Test
    void everyProviderOfTheDocumentHasSettingsThatLoad() throws IOException {
        List<String> providers = Pattern.compile("(?m)^## (.*)\n(?=(?:(?!^## )[\\s\\S])*?```yaml)")
                .matcher(document())
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(providers)
                .hasSize(8)
                .allSatisfy(
                        provider -> assertThat(documented(provider).issuer()).startsWith("https://"));
    }

    private JwtConfig documented(String provider) {
        Matcher block = Pattern.compile(
                        "## " + Pattern.quote(provider) + "\n(?:(?!\n## )[\\s\\S])*?```yaml\n([\\s\\S]*?)```")
                .matcher(document());
        assertThat(block.find()).as(provider).isTrue();
        try {
            Path file = Files.writeString(folder.resolve("provider.yaml"), block.group(1));
            return Objects.requireNonNull(
                    ConfigLoader.load(List.of(file), MANDATORY).jwt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JwtConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(MANDATORY);
        all.putAll(settings);
        return Objects.requireNonNull(ConfigLoader.load(List.of(), all).jwt());
    }

    private static String document() {
        try {
            return Files.readString(Path.of("docs/identity-providers.md"), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String token(JwtConfig config, String claims) {
        JsonObject all = new JsonObject(claims.replace('\'', '"'))
                .put("iss", config.issuer())
                .put("iat", NOW.getEpochSecond())
                .put("exp", NOW.plusSeconds(3_600).getEpochSecond());
        return TestIssuer.sign(new JsonObject().put("alg", "ES256"), all, KEY);
    }

    private static Caller caller(JwtConfig config, String token) {
        UnverifiedToken unverified = UnverifiedToken.parse(token, Set.of(JwtConfig.Algorithm.values()));
        VerificationKey key = VerificationKey.ofJwk(TestIssuer.jwk(KEY)).orElseThrow();
        assertThat(new VerificationKeys(VERTX, List.of(key)).verify(unverified).result())
                .isTrue();
        return Claims.caller(unverified, config, NOW);
    }
}
