package com.deloton.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.testing.TestIssuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierIT {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration NEVER = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final TestIssuer issuer = TestIssuer.start();
    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final InstantSource clock = time::get;

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void stop() {
        vertx.close().await();
        issuer.close();
    }

    @Test
    void acceptsTokensSignedWithEitherAlgorithm() {
        issuer.publish("rsa", TestIssuer.rsa());
        TokenVerifier tokens = tokens();

        Caller byEc = tokens.verify(issuer.sign("key-1", claims().put("scope", "rides:read  ops")))
                .await();
        Caller byRsa = tokens.verify(issuer.sign(
                        "rsa",
                        claims().put("scope", new JsonArray().add("rides:read").add(7))))
                .await();

        assertThat(byEc).isEqualTo(new Caller("somebody", Set.of("rides:read", "ops"), NOW.plusSeconds(3_600)));
        assertThat(byEc.hasScope(Scope.OPS)).isTrue();
        assertThat(byRsa.scopes()).containsExactly("rides:read");
    }

    @Test
    void takesAnAudienceAmongOthers() {
        assertThat(tokens().verify(issuer.sign(
                                "key-1",
                                claims().put("aud", new JsonArray().add("x").add(TestIssuer.AUDIENCE))))
                        .await()
                        .scopes())
                .isEmpty();
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.<Map.Entry<String, UnaryOperator<JsonObject>>>of(
                        Map.entry("the claim exp is missing", claims -> without(claims, "exp")),
                        Map.entry("the claim exp is missing", claims -> claims.putNull("exp")),
                        Map.entry("the claim exp is not a time in seconds", claims -> claims.put("exp", "1893456000")),
                        Map.entry(
                                "the claim exp is not a time in seconds",
                                claims -> claims.put("exp", NOW.toEpochMilli() + 3_600_000)),
                        Map.entry("the claim exp is not a time in seconds", claims -> claims.put("exp", -1)),
                        Map.entry("the token has expired", claims -> claims.put("exp", NOW.getEpochSecond() - 5)),
                        Map.entry("not valid yet", claims -> claims.put("nbf", NOW.getEpochSecond() + 6)),
                        Map.entry("not valid yet", claims -> claims.put("iat", NOW.getEpochSecond() + 6)),
                        Map.entry(
                                "the claim iat is not a time in seconds",
                                claims -> claims.put("iat", new JsonObject())),
                        Map.entry("the claim sub is missing", claims -> without(claims, "sub")),
                        Map.entry("the claim sub is missing", claims -> claims.put("sub", " ")),
                        Map.entry("the claim sub is not text", claims -> claims.put("sub", 7)),
                        Map.entry("the claim sub is not text", claims -> claims.put("sub", new JsonArray())),
                        Map.entry(
                                "the claim iss names another issuer",
                                claims -> claims.put("iss", "https://other.example.com")),
                        Map.entry("the claim iss names another issuer", claims -> without(claims, "iss")),
                        Map.entry("the claim aud names another audience", claims -> claims.put("aud", "other")),
                        Map.entry("the claim aud is missing", claims -> without(claims, "aud")))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("wrongClaims")
    void refusesWrongClaims(String reason, UnaryOperator<JsonObject> change) {
        assertRefused(tokens(), issuer.sign("key-1", change.apply(claims())), reason);
    }

    @Test
    void leavesLeewayForTheIssuersClock() {
        TokenVerifier tokens = tokens();

        tokens.verify(issuer.sign("key-1", claims().put("exp", NOW.getEpochSecond() - 4)))
                .await();
        tokens.verify(issuer.sign("key-1", claims().put("nbf", NOW.getEpochSecond() + 5)))
                .await();
    }

    @Test
    void refusesUnsignedAndMalformedTokens() {
        TokenVerifier tokens = tokens();
        String none = TestIssuer.base64("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + TestIssuer.base64(claims().encode().getBytes(UTF_8));
        String good = issuer.sign("key-1", claims());

        assertRefused(tokens, none, "not a signed JWT");
        assertRefused(tokens, none + ".", "not a signed JWT");
        assertRefused(tokens, none + ".AAAA", "the algorithm of the header alg is not allowed");
        for (String broken : List.of("", "x", "a.b.c", "..", "é.é.é", "e30.e30.e30", good + ".x", "\u0000")) {
            assertThatThrownBy(() -> tokens.verify(broken).await()).isInstanceOf(InvalidTokenException.class);
        }
        assertRefused(tokens, good + "A".repeat(17_000), "the token has more than");
        assertRefused(tokens, good.substring(0, good.length() - 8) + "AAAAAAAA", "signature verification failed");
    }

    @Test
    void refusesAnAlgorithmThatIsNotTheKeys() throws Exception {
        KeyPair rsa = TestIssuer.rsa();
        issuer.publish("rsa", rsa);
        TokenVerifier tokens = tokens();
        String input = TestIssuer.base64("{\"alg\":\"HS256\",\"kid\":\"rsa\"}".getBytes(UTF_8)) + "."
                + TestIssuer.base64(claims().encode().getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256"));

        assertRefused(
                tokens,
                input + "." + TestIssuer.base64(mac.doFinal(input.getBytes(UTF_8))),
                "the algorithm of the header alg is not allowed");
        assertRefused(
                tokens,
                TestIssuer.sign(new JsonObject().put("alg", "RS256").put("kid", "key-1"), claims(), rsa),
                "the signing key is not known");
        assertRefused(
                tokens,
                TestIssuer.sign(
                        new JsonObject().put("alg", "RS256").put("kid", "rsa").put("crit", new JsonArray().add("b64")),
                        claims(),
                        rsa),
                "the header crit names extensions");
    }

    @Test
    void refusesAKeyThatIsNotPublishedUnderThatName() {
        KeyPair strange = TestIssuer.ec();
        TokenVerifier tokens = tokens();

        assertUnavailable(tokens, TestIssuer.sign(header("other"), claims(), strange));
        time.set(NOW.plusSeconds(10));
        assertRefused(tokens, TestIssuer.sign(header("other"), claims(), strange), "the signing key is not known");
        assertRefused(tokens, TestIssuer.sign(header("key-1"), claims(), strange), "signature verification failed");
        assertRefused(
                tokens,
                TestIssuer.sign(new JsonObject().put("alg", "ES256"), claims(), strange),
                "signature verification failed");
    }

    @Test
    void fetchesTheKeysAgainForAnUnknownOneButNotAtEachAttempt() {
        TokenVerifier tokens = tokens();
        KeyPair next = TestIssuer.ec();
        issuer.publish("key-2", next);
        String token = issuer.sign("key-2", claims());

        assertThatThrownBy(() -> tokens.verify(token).await())
                .isInstanceOfSatisfying(
                        KeysUnavailableException.class,
                        unavailable -> assertThat(unavailable.retryAfterS()).isEqualTo(10));
        assertThat(issuer.fetches()).isEqualTo(1);

        time.set(NOW.plusSeconds(10));
        tokens.verify(token).await();
        assertThat(issuer.fetches()).isEqualTo(2);

        for (int i = 0; i < 100; i++) {
            String unknown = TestIssuer.sign(header("no-" + i), claims(), next);
            assertThatThrownBy(() -> tokens.verify(unknown).await()).isInstanceOf(KeysUnavailableException.class);
        }
        assertThat(issuer.fetches()).isEqualTo(2);
    }

    @Test
    void forgetsAWithdrawnKeyAndWhatItHadSigned() {
        TokenVerifier tokens = TokenVerifier.create(vertx, issuer.config(), clock, Duration.ofMillis(20))
                .await();
        String token = issuer.sign("key-1", claims());
        tokens.verify(token).await();
        issuer.publish("key-2", TestIssuer.ec());
        issuer.withdraw("key-1");

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (isAccepted(tokens, token)) {
                Thread.onSpinWait();
            }
        });

        assertUnavailable(tokens, token);
    }

    private static boolean isAccepted(TokenVerifier tokens, String token) {
        try {
            tokens.verify(token).await();
            return true;
        } catch (InvalidTokenException | KeysUnavailableException withdrawn) {
            return false;
        }
    }

    @Test
    void discoversTheKeysOfTheIssuer() {
        TokenVerifier tokens =
                TokenVerifier.create(vertx, issuer.discovered(), clock, NEVER).await();

        assertThat(tokens.verify(issuer.sign(
                                "key-1", claims().put("iss", issuer.discovered().issuer())))
                        .await()
                        .subject())
                .isEqualTo("somebody");
    }

    @Test
    void discoversTheEndpointsForSignIn() {
        OpenIdConfiguration found = OpenIdConfiguration.discover(
                        vertx, issuer.discovered().issuer())
                .await();

        assertThat(found.authorizationEndpoint()).endsWith("/authorize");
        assertThat(found.tokenEndpoint()).endsWith("/token");
        assertThatThrownBy(() -> OpenIdConfiguration.discover(
                                vertx, issuer.discovered().issuer() + "/")
                        .await())
                .hasMessageContaining("issuer is");
    }

    @Test
    void followsARedirectWithinTheOriginOnly() {
        issuer.redirectTo("/jwks-moved");
        tokens().verify(issuer.sign("key-1", claims())).await();

        issuer.redirectTo("http://localhost:1/jwks");
        String token = issuer.sign("key-1", claims());
        assertUnavailable(tokens(), token);
    }

    @Test
    void acceptsTokensOfSixteenKilobytes() {
        JsonObject claims = claims().put("groups", "g".repeat(11_500));
        String token = issuer.sign("key-1", claims);

        assertThat(token.length()).isBetween(15_000, 16_384);
        assertThat(tokens().verify(token).await().subject()).isEqualTo("somebody");
    }

    @Test
    void keepsItsKeysWhileTheIssuerIsAway() {
        TokenVerifier tokens = TokenVerifier.create(vertx, issuer.config(), clock, Duration.ofMillis(20))
                .await();
        issuer.answerWith(500);
        int before = issuer.fetches();

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (issuer.fetches() < before + 2) {
                Thread.onSpinWait();
            }
        });

        tokens.verify(issuer.sign("key-1", claims())).await();
    }

    @Test
    void startsWithoutTheIssuerAndAsksAgain() {
        issuer.answerWith(503);
        TokenVerifier tokens = tokens();
        String token = issuer.sign("key-1", claims());

        assertThatThrownBy(() -> tokens.verify(token).await()).isInstanceOf(KeysUnavailableException.class);

        issuer.answerWith(200);
        time.set(NOW.plusSeconds(11));
        assertThat(tokens.verify(token).await().subject()).isEqualTo("somebody");
    }

    @Test
    void aCachedTokenExpiresToo() {
        TokenVerifier tokens = tokens();
        String token = issuer.sign("key-1", claims());
        tokens.verify(token).await();

        time.set(NOW.plusSeconds(3_604));
        tokens.verify(token).await();
        time.set(NOW.plusSeconds(3_605));
        assertRefused(tokens, token, "the token has expired");
    }

    @Test
    void readsKeysFromFiles() throws IOException {
        KeyPair rsa = TestIssuer.rsa();
        KeyPair ec = TestIssuer.ec();
        KeyPair single = TestIssuer.ec();
        Path pems = Files.writeString(folder.resolve("keys.pem"), pem(rsa) + pem(ec));
        Path jwk = Files.writeString(
                folder.resolve("key.json"),
                TestIssuer.jwk(single).put("kid", "one").encode());
        Path set = Files.writeString(folder.resolve("set.json"), issuer.jwks().encodePrettily());
        TokenVerifier tokens = fromFiles(pems, jwk, set).await();

        tokens.verify(TestIssuer.sign(new JsonObject().put("alg", "RS256"), claims(), rsa))
                .await();
        tokens.verify(TestIssuer.sign(header("whatever"), claims(), ec)).await();
        tokens.verify(TestIssuer.sign(header("one"), claims(), single)).await();
        tokens.verify(issuer.sign("key-1", claims())).await();
        assertThat(issuer.fetches()).isZero();
        assertRefused(tokens, TestIssuer.sign(header("x"), claims(), TestIssuer.ec()), "signature verification failed");
    }

    static Stream<Arguments> useless() {
        KeyPair ec = TestIssuer.ec();
        JsonObject good = TestIssuer.jwk(ec);
        return Stream.of(
                        "",
                        "no key",
                        "{",
                        "{}",
                        "{\"keys\":[]}",
                        "{\"keys\":[7, null]}",
                        good.copy().put("use", "enc").encode(),
                        good.copy().put("alg", "ES384").encode(),
                        TestIssuer.jwk(ec).put("crv", "secp256k1").encode(),
                        TestIssuer.jwk(TestIssuer.rsa(1_024)).encode(),
                        "{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("useless")
    void doesNotStartWithoutAUsableKey(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), content);

        assertThatThrownBy(() -> fromFiles(file).await())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("api.jwt.key-files");
    }

    @Test
    void aSetThatLosesItsUsableKeysChangesNothing() {
        TokenVerifier tokens = tokens();
        issuer.withdraw("key-1");
        time.set(NOW.plusSeconds(60));

        assertUnavailable(tokens, TestIssuer.sign(header("x"), claims(), TestIssuer.ec()));
        assertThat(issuer.fetches()).isEqualTo(2);
        String none = TestIssuer.base64("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + TestIssuer.base64(claims().encode().getBytes(UTF_8)) + ".AAAA";
        assertRefused(tokens, none, "the algorithm of the header alg is not allowed");
    }

    private TokenVerifier tokens() {
        return TokenVerifier.create(vertx, issuer.config(), clock, NEVER).await();
    }

    private Future<TokenVerifier> fromFiles(Path... files) {
        JwtConfig config =
                new JwtConfig(TestIssuer.ISSUER, TestIssuer.AUDIENCE, null, List.of(files), Duration.ofSeconds(5));
        return TokenVerifier.create(vertx, config, clock);
    }

    private static void assertRefused(TokenVerifier tokens, String token, String reason) {
        assertThatThrownBy(() -> tokens.verify(token).await())
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    private static void assertUnavailable(TokenVerifier tokens, String token) {
        assertThatThrownBy(() -> tokens.verify(token).await()).isInstanceOf(KeysUnavailableException.class);
    }

    private static JsonObject claims() {
        return TestIssuer.claims(NOW);
    }

    private static JsonObject header(String keyId) {
        return new JsonObject().put("alg", "ES256").put("kid", keyId);
    }

    private static JsonObject without(JsonObject claims, String claim) {
        claims.remove(claim);
        return claims;
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}
