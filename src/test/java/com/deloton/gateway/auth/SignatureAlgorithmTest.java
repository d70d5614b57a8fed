package com.deloton.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import com.deloton.gateway.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureAlgorithmTest {
    private static final Set<Algorithm> ALL = EnumSet.allOf(Algorithm.class);
    private static final KeyPair RSA = TestIssuer.rsa();
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @ParameterizedTest
    @CsvSource({
        "RS256, RSA",
        "RS384, RSA",
        "RS512, RSA",
        "PS256, RSA",
        "PS384, RSA",
        "PS512, RSA",
        "ES256, secp256r1",
        "ES384, secp384r1",
        "ES512, secp521r1",
        "EdDSA, Ed25519",
        "EdDSA, Ed448",
        "Ed25519, Ed25519",
        "Ed448, Ed448"
    })
    void verifiesEachAlgorithmByItsPublishedKey(String algorithm, String type) {
        KeyPair pair = pair(type);
        String token = TestIssuer.sign(new JsonObject().put("alg", algorithm), new JsonObject().put("sub", "u"), pair);
        VerificationKeys keys = VerificationKeys.ofJwks(VERTX, new JsonArray().add(TestIssuer.jwk(pair)));
        UnverifiedToken parsed = UnverifiedToken.parse(token, ALL);

        assertThat(keys.include(parsed)).isTrue();
        assertThat(keys.verify(parsed).result()).isTrue();
        VerificationKeys others = VerificationKeys.ofJwks(VERTX, new JsonArray().add(TestIssuer.jwk(pair(type))));
        assertThat(others.verify(parsed).result()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ES256, secp256r1", "ES512, secp521r1", "RS256, RSA", "PS256, RSA", "EdDSA, Ed25519"})
    void rejectsAChangedOrShorterSignature(String algorithm, String type) {
        KeyPair pair = pair(type);
        VerificationKeys keys = VerificationKeys.ofJwks(VERTX, new JsonArray().add(TestIssuer.jwk(pair)));
        UnverifiedToken signed = UnverifiedToken.parse(
                TestIssuer.sign(new JsonObject().put("alg", algorithm), new JsonObject(), pair), ALL);
        Buffer signature = signed.signature();
        Buffer changed = signature.copy().setByte(20, (byte) (signature.getByte(20) ^ 1));

        assertThat(keys.verify(with(signed, signature)).result()).isTrue();
        assertThat(keys.verify(with(signed, changed)).result()).isFalse();
        assertThat(keys.verify(with(signed, signature.getBuffer(0, signature.length() - 1)))
                        .result())
                .isFalse();
    }

    @Test
    void rejectsASignatureInDer() throws GeneralSecurityException {
        KeyPair pair = pair("secp256r1");
        VerificationKeys keys = VerificationKeys.ofJwks(VERTX, new JsonArray().add(TestIssuer.jwk(pair)));
        UnverifiedToken signed = UnverifiedToken.parse(
                TestIssuer.sign(new JsonObject().put("alg", "ES256"), new JsonObject(), pair), ALL);
        Signature der = Signature.getInstance("SHA256withECDSA");
        der.initSign(pair.getPrivate());
        der.update(signed.signingInput().getBytes(UTF_8));

        assertThat(keys.verify(with(signed, Buffer.buffer(der.sign()))).result())
                .isFalse();
    }

    @Test
    void triesEachKeyForATokenWithoutKeyId() {
        VerificationKeys keys = VerificationKeys.ofJwks(
                VERTX,
                new JsonArray()
                        .add(TestIssuer.jwk(TestIssuer.rsa()).put("kid", "a"))
                        .add(TestIssuer.jwk(RSA).put("kid", "b")));

        assertThat(keys.verify(signedBy(RSA, new JsonObject())).result()).isTrue();
        assertThat(keys.verify(signedBy(RSA, new JsonObject().put("kid", ""))).result())
                .isTrue();
        assertThat(keys.verify(signedBy(RSA, new JsonObject().put("kid", "b"))).result())
                .isTrue();
        assertThat(keys.verify(signedBy(RSA, new JsonObject().put("kid", "a"))).result())
                .isFalse();
    }

    @Test
    void createsNoProviderWithoutAKey() {
        VerificationKey key =
                VerificationKey.ofJwk(TestIssuer.jwk(pair("Ed25519"))).orElseThrow();

        assertThatThrownBy(() -> SignatureAlgorithm.provider(VERTX, key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyThatNamesItsAlgorithmVerifiesNoOther() {
        VerificationKeys keys = VerificationKeys.ofJwks(
                VERTX, new JsonArray().add(TestIssuer.jwk(RSA).put("alg", "PS256")));
        UnverifiedToken token = UnverifiedToken.parse(
                TestIssuer.sign(new JsonObject().put("alg", "RS256"), new JsonObject(), RSA), ALL);

        assertThat(keys.include(token)).isFalse();
        assertThat(keys.verify(token).result()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "HS512", "RS257", "rs256", "EDDSA", ""})
    void rejectsOtherAlgorithms(String algorithm) {
        String token = TestIssuer.base64(
                        new JsonObject().put("alg", algorithm).encode().getBytes(UTF_8)) + ".e30.AAAA";

        assertThatThrownBy(() -> UnverifiedToken.parse(token, ALL))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessage("the algorithm of the header alg is not allowed");
    }

    @Test
    void rejectsAnAlgorithmThatTheSettingsExclude() {
        String token = TestIssuer.sign(new JsonObject().put("alg", "RS256"), new JsonObject(), RSA);

        assertThatThrownBy(() -> UnverifiedToken.parse(token, EnumSet.of(Algorithm.PS256)))
                .hasMessage("the algorithm of the header alg is not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout+jwt", "application/logout+jwt", "secevent+jwt", "dpop+jwt", "LOGOUT+JWT"})
    void rejectsTokensThatAreNotAccessTokens(String type) {
        String token = TestIssuer.sign(new JsonObject().put("alg", "RS256").put("typ", type), new JsonObject(), RSA);

        assertThatThrownBy(() -> UnverifiedToken.parse(token, ALL))
                .hasMessage("the header typ does not name an access token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "application/at+jwt"})
    void acceptsTheTypesOfAccessTokens(String type) {
        String token = TestIssuer.sign(new JsonObject().put("alg", "RS256").put("typ", type), new JsonObject(), RSA);

        assertThat(UnverifiedToken.parse(token, ALL).keyId()).isNull();
    }

    @Test
    void rejectsBase64ThatIsNotCanonical() {
        String token = TestIssuer.sign(new JsonObject().put("alg", "RS256"), new JsonObject(), RSA);
        char last = token.charAt(token.length() - 1);
        // 256 bytes leave 4 unused bits in the last character of the signature
        String other = token.substring(0, token.length() - 1) + (char) (last + 1);

        for (String changed : new String[] {token + "=", token + "==", other}) {
            assertThatThrownBy(() -> UnverifiedToken.parse(changed, ALL))
                    .isInstanceOf(InvalidTokenException.class)
                    .hasMessage("the token is not canonical base64url");
        }
    }

    private static UnverifiedToken signedBy(KeyPair pair, JsonObject header) {
        return UnverifiedToken.parse(TestIssuer.sign(header.put("alg", "PS384"), new JsonObject(), pair), ALL);
    }

    private static UnverifiedToken with(UnverifiedToken token, Buffer signature) {
        return new UnverifiedToken(
                token.algorithm(), token.type(), token.keyId(), token.claims(), token.signingInput(), signature);
    }

    private static KeyPair pair(String type) {
        return switch (type) {
            case "RSA" -> TestIssuer.rsa();
            case "Ed25519", "Ed448" -> TestIssuer.edwards(type);
            default -> TestIssuer.pair("EC", type);
        };
    }
}
