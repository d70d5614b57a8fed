package com.deloton.gateway.api.http;

import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.config.HttpConfig;
import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.http.HttpServerVerticle;
import com.deloton.gateway.ops.Lifecycle;
import com.deloton.gateway.ops.Meters;
import com.deloton.gateway.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The API of some contract on a real HTTP server with real tokens. Answers are held against the contract. */
public final class HttpApiFixture implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    public final TestIssuer issuer = TestIssuer.start();
    private final Meters meters = new Meters("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private final Lifecycle lifecycle = new Lifecycle();
    private final HttpServerVerticle ops;

    HttpApiFixture(String yaml, Operations operations, ApiConfig config) {
        this(yaml, operations, config, null, List.of());
    }

    /** @param jwt whose tokens are believed; null for those of the {@link #issuer} */
    HttpApiFixture(
            String yaml,
            Operations operations,
            ApiConfig config,
            @Nullable JwtConfig jwt,
            List<? extends Consumer<Router>> before) {
        TokenVerifier tokens = TokenVerifier.create(vertx, jwt == null ? issuer.config() : jwt, InstantSource.system())
                .await();
        ApiRoutes routes = ApiRoutes.create(vertx, yaml, tokens, operations, config, "https://ride.example.com", true)
                .await();
        List<Consumer<Router>> all = new ArrayList<>(before);
        all.add(routes);
        ops = new HttpServerVerticle(
                new HttpConfig("127.0.0.1", 0, "http://localhost"),
                HealthChecks.create(vertx),
                lifecycle,
                meters.registry(),
                all,
                List.of());
        vertx.deployVerticle(ops).await();
        lifecycle.run();
    }

    static String resource(String name) {
        try (var in = HttpApiFixture.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return ops.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    /** With a token for the scopes that the test contract knows. */
    HttpRequest.Builder authorised(String path) {
        return request(path)
                .header("Authorization", "Bearer " + issuer.token("rides:read", "riders:write", "rides:delete"));
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = authorised(path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** An answer as it comes when gzip is accepted. */
    HttpResponse<byte[]> packed(String path) throws Exception {
        return client.send(authorised(path).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> put(String path, String contentType, String body) {
        return send(authorised(path).header("Content-Type", contentType).PUT(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close().await();
        meters.close();
        issuer.close();
    }
}
