package com.deloton.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BearerAuthIT {
    private final Vertx vertx = Vertx.vertx();
    private final TestIssuer issuer = TestIssuer.start();
    private final WebClient client = WebClient.create(vertx);

    @AfterEach
    void stop() {
        vertx.close().await();
        issuer.close();
    }

    private int port;

    @BeforeEach
    void start() {
        port = serve().actualPort();
    }

    private HttpServer serve() {
        TokenVerifier tokens = TokenVerifier.create(vertx, issuer.config(), InstantSource.system(), Duration.ofHours(1))
                .await();
        Router router = Router.router(vertx);
        router.get("/")
                .handler(new BearerAuth(tokens, Set.of("rides:read", "ops")))
                .handler(context -> context.end(BearerAuth.caller(context).subject()));
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await();
    }

    @Test
    void passesTheCallerOn() {
        HttpResponse<Buffer> response = get("bearer " + issuer.token("rides:read", "ops"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.bodyAsString()).isEqualTo("somebody");
    }

    @Test
    void asksForATokenWhereThereIsNone() {
        HttpResponse<Buffer> response = get(null);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.getHeader("www-authenticate")).isEqualTo("Bearer realm=\"deloton\"");
        assertThat(response.getHeader("content-type")).isEqualTo("application/problem+json");
        assertThat(get("Basic eDp4").statusCode()).isEqualTo(401);
        assertThat(get("Bearer").statusCode()).isEqualTo(401);
    }

    @Test
    void saysWhyATokenIsRefused() {
        HttpResponse<Buffer> response = get("Bearer not\"a token");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.getHeader("www-authenticate"))
                .isEqualTo("Bearer realm=\"deloton\", error=\"invalid_token\","
                        + " error_description=\"the token is not a signed JWT\"");
        assertThat(response.bodyAsString())
                .contains("\"detail\":\"The token is not valid: the token is not a signed JWT.\"");
    }

    @Test
    void namesTheScopeThatIsMissing() {
        HttpResponse<Buffer> response = get("Bearer " + issuer.token("rides:read"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.getHeader("www-authenticate")).contains("error=\"insufficient_scope\", scope=\"ops\"");
        assertThat(response.bodyAsString()).contains("\"detail\":\"The token does not have the scope ops.\"");
    }

    @Test
    void asksToComeBackWhileTokensCannotBeChecked() {
        issuer.answerWith(500);
        port = serve().actualPort();

        HttpResponse<Buffer> response = get("Bearer " + issuer.token("rides:read", "ops"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.getHeader("retry-after")).isEqualTo("10");
    }

    private HttpResponse<Buffer> get(@Nullable String authorization) {
        var request = client.get(port, "127.0.0.1", "/");
        if (authorization != null) {
            request.putHeader("authorization", authorization);
        }
        return request.send().await();
    }
}
