package com.deloton.gateway.dashboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.testing.TestIssuer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The authorization, token and end-session endpoints of an identity provider whose user is always signed in. */
final class TestProvider implements AutoCloseable {
    static final String CLIENT = "dashboard";

    /** What the token endpoint was sent. */
    final List<Map<String, String>> exchanges = new CopyOnWriteArrayList<>();

    /** Statuses of the next answers of the token endpoint; 200 where none is left. */
    final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

    /** Parameters of the requests to the end-session endpoint. */
    final List<Map<String, String>> sessionsEnded = new CopyOnWriteArrayList<>();

    /** Of the tokens to come, one each; an hour where none is left. */
    final Queue<Duration> lifetimes = new ConcurrentLinkedQueue<>();

    /** Of the codes and refresh tokens that are valid. */
    private final AtomicInteger generation = new AtomicInteger();

    private final Map<String, String> asked = new ConcurrentHashMap<>();
    private final TestIssuer issuer;
    private final HttpServer server;

    TestProvider(TestIssuer issuer) throws IOException {
        this.issuer = issuer;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.createContext("/logout", this::endSession);
        server.start();
    }

    /** Forgets all that was recorded or planned; codes and refresh tokens from before are not valid and not recorded. */
    void reset() {
        generation.incrementAndGet();
        exchanges.clear();
        statuses.clear();
        sessionsEnded.clear();
        lifetimes.clear();
        asked.clear();
    }

    private String code() {
        return "code-" + generation.get();
    }

    private String refreshToken() {
        return "refresh-" + generation.get();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        asked.putAll(form(exchange.getRequestURI().getRawQuery()));
        exchange.getResponseHeaders()
                .set("location", asked.get("redirect_uri") + "?code=" + code() + "&state=" + asked.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void endSession(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange.getRequestURI().getRawQuery());
        sessionsEnded.add(form);
        exchange.getResponseHeaders().set("location", form.get("post_logout_redirect_uri"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        boolean isCode = code().equals(form.get("code"));
        boolean isRefresh = refreshToken().equals(form.get("refresh_token"));
        if (!isCode && !isRefresh) {
            send(exchange, 400, new JsonObject().put("error", "invalid_grant"));
            return;
        }
        exchanges.add(form);
        boolean proved =
                isCode && challenge(form.getOrDefault("code_verifier", "")).equals(asked.get("code_challenge"));
        boolean right = CLIENT.equals(form.get("client_id")) && (proved || isRefresh);
        Integer refused = statuses.poll();
        if (refused != null) {
            send(
                    exchange,
                    refused,
                    new JsonObject()
                            .put("error", "temporarily_unavailable")
                            .put("error_description", "Answer " + refused + " of the test."));
            return;
        }
        Instant now = Instant.now();
        Duration lifetime = lifetime();
        JsonObject answer = new JsonObject()
                .put(
                        "access_token",
                        issuer.sign(
                                "key-1",
                                TestIssuer.claims(now)
                                        .put("exp", now.plus(lifetime).getEpochSecond())
                                        .put("scope", "rides:read riders:read")))
                .put("expires_in", lifetime.toSeconds())
                .put("refresh_token", refreshToken())
                .put(
                        "id_token",
                        issuer.sign("key-1", TestIssuer.claims(Instant.now()).put("nonce", asked.get("nonce"))));
        send(exchange, right ? 200 : 400, right ? answer : new JsonObject().put("error", "invalid_grant"));
    }

    private static void send(HttpExchange exchange, int status, JsonObject answer) throws IOException {
        byte[] body = answer.encode().getBytes(UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.getResponseHeaders().set("access-control-allow-origin", "*");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String challenge(String verifier) {
        try {
            return TestIssuer.base64(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new TreeMap<>();
        for (String pair : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private Duration lifetime() {
        Duration next = lifetimes.poll();
        return next == null ? Duration.ofHours(1) : next;
    }
}
