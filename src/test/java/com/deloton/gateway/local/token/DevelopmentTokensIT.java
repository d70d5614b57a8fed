package com.deloton.gateway.local.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.TokenVerifier;
import com.deloton.gateway.config.JwtConfig;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentTokensIT {
    private final Vertx vertx = Vertx.vertx();
    private final WebClient client = WebClient.create(vertx);

    @TempDir
    Path folder = Path.of("");

    private int port;

    @BeforeEach
    void start() {
        Router router = Router.router(vertx);
        new DevelopmentTokens(folder, InstantSource.system()).accept(router);
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void aTokenHasAllScopesUnlessFewerAreAskedFor() {
        assertThat(caller(ask().send().await()).scopes())
                .containsExactlyInAnyOrder(
                        "rides:read", "riders:read", "riders:write", "rides:delete", "alerts:write", "ops", "self");
        assertThat(caller(ask().sendBuffer(Buffer.buffer("{\"scopes\":[\"rides:read\"]}"))
                                .await())
                        .scopes())
                .containsExactly("rides:read");
        assertThat(caller(ask().sendForm(MultiMap.caseInsensitiveMultiMap().add("scopes", "rides:read ops"))
                                .await())
                        .scopes())
                .containsExactlyInAnyOrder("ops", "rides:read");
    }

    @Test
    void aTokenNamesTheRiderThatTheBodyNames() {
        String body = "{\"scopes\":[\"self\"],\"rider\":4826}";

        assertThat(caller(ask().sendBuffer(Buffer.buffer(body)).await()).confinedTo())
                .isEqualTo(4826);
        assertThat(ask().sendBuffer(Buffer.buffer("{\"rider\":\"me\"}")).await().bodyAsString())
                .contains("rider is 'me'; expected the number of a rider, for example 4826.");
    }

    @Test
    void aTokenStaysValidOverARestart() {
        String before = new DevelopmentTokens(folder, InstantSource.system()).token(Set.of("ops"));
        new DevelopmentTokens(folder, InstantSource.system());

        assertThat(verified(before).scopes()).containsExactly("ops");
    }

    @Test
    void onlyTheOwnerMayReadTheSigningKey() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("api-signing-key.pem"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aDamagedSigningKeyIsReplaced() throws Exception {
        Files.writeString(folder.resolve("api-signing-key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");

        String token = new DevelopmentTokens(folder, InstantSource.system()).token(Set.of("ops"));

        assertThat(verified(token).scopes()).containsExactly("ops");
    }

    @Test
    void anUnknownScopeIsRefused() {
        HttpResponse<Buffer> response =
                ask().sendBuffer(Buffer.buffer("{\"scopes\":[\"everything\"]}")).await();

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsString()).contains("rides:read, riders:read");
        assertThat(ask().sendBuffer(Buffer.buffer("{")).await().statusCode()).isEqualTo(400);
    }

    @Test
    void aNameThatIsMadeToPointHereGetsNone() {
        assertThat(ask().virtualHost("evil.example.com").send().await().statusCode())
                .isEqualTo(403);
    }

    private HttpRequest<Buffer> ask() {
        return client.post(port, "127.0.0.1", "/v1/token");
    }

    private Caller caller(HttpResponse<Buffer> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return verified(Objects.requireNonNull(response.bodyAsJsonObject()).getString("token"));
    }

    private Caller verified(String token) {
        JwtConfig config = new JwtConfig(
                "deloton-local", "deloton-api", null, List.of(folder.resolve("api-key.pem")), Duration.ZERO);
        return TokenVerifier.create(vertx, config, InstantSource.system())
                .await()
                .verify(token)
                .await();
    }
}
