package com.deloton.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.config.JwtConfig;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider on loopback: makes keys, publishes them as a JWKS, signs tokens with the JDK's own signatures. */
public final class TestIssuer implements AutoCloseable {
    public static final String ISSUER = "https://id.example.com/";
    public static final String AUDIENCE = "deloton-api";

    private final HttpServer server;
    private final Map<String, KeyPair> published = new ConcurrentHashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile int status = 200;
    private volatile String location = "";

    private TestIssuer(HttpServer server) {
        this.server = server;
    }

    /** One for all tests of the JVM; nobody changes it. */
    public static TestIssuer shared() {
        return Shared.ISSUER;
    }

    private static final class Shared {
        static final TestIssuer ISSUER = start();
    }

    /** Publishes one ES256 key, {@code key-1}. */
    public static TestIssuer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestIssuer issuer = new TestIssuer(server);
            server.createContext("/jwks", exchange -> {
                issuer.fetches.incrementAndGet();
                if (!issuer.location.isEmpty()) {
                    exchange.getResponseHeaders().set("location", issuer.location);
                }
                issuer.send(exchange, issuer.location.isEmpty() ? issuer.status : 302, issuer.jwks());
            });
            server.createContext("/jwks-moved", exchange -> issuer.send(exchange, 200, issuer.jwks()));
            server.createContext(
                    "/.well-known/openid-configuration",
                    exchange -> issuer.send(exchange, 200, issuer.configuration()));
            server.start();
            issuer.publish("key-1", ec());
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(HttpExchange exchange, int code, JsonObject json) throws IOException {
        byte[] body = json.encode().getBytes(UTF_8);
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private JsonObject configuration() {
        String base = discovered().issuer();
        return new JsonObject()
                .put("issuer", base)
                .put("jwks_uri", url())
                .put("authorization_endpoint", base + "/authorize")
                .put("token_endpoint", base + "/token");
    }

    /** As {@link #config}, for an issuer whose OpenID configuration names the key set. */
    public JwtConfig discovered() {
        return new JwtConfig(
                "http://127.0.0.1:" + server.getAddress().getPort(), AUDIENCE, null, List.of(), Duration.ofSeconds(5));
    }

    /** Redirects requests for the key set from now on. */
    public void redirectTo(String newLocation) {
        location = newLocation;
    }

    public JwtConfig config() {
        return new JwtConfig(ISSUER, AUDIENCE, url(), List.of(), Duration.ofSeconds(5));
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
    }

    public TestIssuer publish(String keyId, KeyPair pair) {
        published.put(keyId, pair);
        return this;
    }

    public void withdraw(String keyId) {
        published.remove(keyId);
    }

    /** What the address of the keys answers from now on. */
    public void answerWith(int newStatus) {
        status = newStatus;
    }

    public int fetches() {
        return fetches.get();
    }

    public JsonObject jwks() {
        JsonArray keys = new JsonArray();
        published.forEach((id, pair) -> keys.add(jwk(pair).put("kid", id).put("use", "sig")));
        return new JsonObject().put("keys", keys);
    }

    /** A token for the next hour by {@code key-1}. */
    public String token(String... scopes) {
        return token("somebody", scopes);
    }

    public String token(String subject, String[] scopes) {
        return sign("key-1", claims(Instant.now()).put("sub", subject).put("scope", String.join(" ", scopes)));
    }

    /** The claims of a token for the next hour, without scopes. */
    public static JsonObject claims(Instant now) {
        return new JsonObject()
                .put("iss", ISSUER)
                .put("aud", AUDIENCE)
                .put("sub", "somebody")
                .put("iat", now.getEpochSecond())
                .put("exp", now.plusSeconds(3_600).getEpochSecond());
    }

    /** A token of a rider for the next hour, with the scope {@code self} alone. */
    public String tokenOfRider(long rider) {
        return sign("key-1", claims(Instant.now()).put("scope", "self").put(JwtConfig.RIDER_CLAIM, rider));
    }

    public String sign(String keyId, JsonObject claims) {
        KeyPair pair = published.get(keyId);
        if (pair == null) {
            throw new IllegalArgumentException("no such key: " + keyId);
        }
        return sign(
                new JsonObject().put("typ", "JWT").put("alg", algorithm(pair)).put("kid", keyId), claims, pair);
    }

    public static String sign(JsonObject header, JsonObject claims, KeyPair pair) {
        String input = base64(header.encode().getBytes(UTF_8)) + "."
                + base64(claims.encode().getBytes(UTF_8));
        try {
            Signature signature = signature(header.getString("alg"));
            signature.initSign(pair.getPrivate());
            signature.update(input.getBytes(UTF_8));
            return input + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        return switch (algorithm.substring(0, 2)) {
            case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
            case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
            case "PS" -> {
                Signature signature = Signature.getInstance("RSASSA-PSS");
                signature.setParameter(new PSSParameterSpec(
                        "SHA-" + bits,
                        "MGF1",
                        new MGF1ParameterSpec("SHA-" + bits),
                        Integer.parseInt(bits) / 8,
                        PSSParameterSpec.TRAILER_FIELD_BC));
                yield signature;
            }
            default -> Signature.getInstance("EdDSA");
        };
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static KeyPair ec() {
        return pair("EC", "secp256r1");
    }

    public static KeyPair rsa() {
        return rsa(2_048);
    }

    public static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair pair(String algorithm, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ed25519 or Ed448. */
    public static KeyPair edwards(String curve) {
        try {
            return KeyPairGenerator.getInstance(curve).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonObject jwk(KeyPair pair) {
        if (pair.getPublic() instanceof EdECPublicKey) {
            byte[] encoded = pair.getPublic().getEncoded();
            boolean ed448 = encoded.length > 50;
            byte[] point = Arrays.copyOfRange(encoded, encoded.length - (ed448 ? 57 : 32), encoded.length);
            return new JsonObject()
                    .put("kty", "OKP")
                    .put("crv", ed448 ? "Ed448" : "Ed25519")
                    .put("x", base64(point));
        }
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return new JsonObject()
                    .put("kty", "RSA")
                    .put(
                            "n",
                            base64(fixed(
                                    rsa.getModulus().toByteArray(),
                                    rsa.getModulus().bitLength() / 8)))
                    .put("e", base64(rsa.getPublicExponent().toByteArray()));
        }
        ECPublicKey ec = (ECPublicKey) pair.getPublic();
        int size = (ec.getParams().getOrder().bitLength() + 7) / 8;
        return new JsonObject()
                .put("kty", "EC")
                .put("crv", size == 32 ? "P-256" : size == 48 ? "P-384" : "P-521")
                .put("x", base64(fixed(ec.getW().getAffineX().toByteArray(), size)))
                .put("y", base64(fixed(ec.getW().getAffineY().toByteArray(), size)));
    }

    private static String algorithm(KeyPair pair) {
        return pair.getPublic() instanceof RSAPublicKey ? "RS256" : "ES256";
    }

    private static byte[] fixed(byte[] number, int size) {
        byte[] result = new byte[size];
        byte[] digits = number.length > size ? Arrays.copyOfRange(number, number.length - size, number.length) : number;
        System.arraycopy(digits, 0, result, size - digits.length, digits.length);
        return result;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
