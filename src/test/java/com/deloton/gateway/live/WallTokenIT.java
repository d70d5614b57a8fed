package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.Gateway;
import com.deloton.gateway.api.contract.Contract;
import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.wall.WallToken;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the token of a wall display opens: the fleet without names, until it is revoked or expires, and nothing else. */
class WallTokenIT {
    private static LiveFixture fixture;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        fixture = new LiveFixture();
        gateway = fixture.start(LiveFixture.SHORT_TIMEOUTS, Role.INGEST, Role.LIVE, Role.API);
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    private static JsonObject create(String label) throws Exception {
        HttpResponse<String> created = fixture.post(
                gateway, "/v1/wall-tokens", fixture.issuer.token("ops"), new JsonObject().put("label", label));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return new JsonObject(created.body());
    }

    private static String list() throws Exception {
        return fixture.get(gateway, "/v1/wall-tokens", fixture.issuer.token("ops"))
                .body();
    }

    @Test
    void opensTheFleetWithoutNames() throws Exception {
        String token = create("Lobby").getString("token");
        fixture.bike("WALL").logOn(601, "Nina Named").reading(1, 121, 80, 30, 99.6);

        BridgeClient wall = BridgeClient.raw(fixture, gateway.port(), fixture.ticket(gateway, token))
                .register("live.fleet", "live.totals", "live.alerts");

        wall.await1("live.fleet", frame -> true);
        awaitTrue(() -> fixture.get(gateway, "/live/fleet", token).body().contains("WALL"));
        assertThat(fixture.get(gateway, "/live/fleet", token).body()).doesNotContain("Nina");
        wall.register("live.riders", "live.ride.4097");
        awaitTrue(() -> wall.errors.size() == 2);
        assertThat(wall.errors.toString()).contains("requires the scope rides:read");
        assertThat(wall.closed).isEmpty();
        wall.close();
    }

    @Test
    void opensNoOperationOfTheApi() throws Exception {
        String token = create("Gym").getString("token");
        Collection<ContractOperation> operations = Contract.load(
                        fixture.vertx, Files.readString(Path.of("openapi.yaml")))
                .await()
                .operations();

        assertThat(operations).hasSizeGreaterThan(40);
        for (ContractOperation operation : operations) {
            String path = operation.path().replaceAll("\\{[^}]*}", "1");
            HttpResponse<String> refused = fixture.request(gateway, operation.method(), "/v1" + path, token);
            assertThat(refused.statusCode()).as(operation.id()).isEqualTo(401);
        }
    }

    @Test
    void isNotListedAndEndsWhenItIsRevokedOrExpires() throws Exception {
        JsonObject revoked = create("Office");
        JsonObject expired = create("Café");
        String token = revoked.getString("token");
        assertThat(list()).contains("Office", "Café").doesNotContain(token);
        assertThat(fixture.warehouse.count(
                        "SELECT count(*) FROM wall_token WHERE token_hash::text LIKE '%" + token + "%'"))
                .isZero();

        assertThat(fixture.request(
                                gateway,
                                "DELETE",
                                "/v1/wall-tokens/" + revoked.getLong("wallTokenId"),
                                fixture.issuer.token("ops"))
                        .statusCode())
                .isEqualTo(204);
        fixture.warehouse.execute(
                "UPDATE wall_token SET expires_at = now() WHERE token_id = " + expired.getLong("wallTokenId"));

        for (String ended : List.of(token, expired.getString("token"), WallToken.create(), "wall_x")) {
            assertThat(fixture.post(gateway, "/live/tickets", ended).statusCode())
                    .isEqualTo(401);
            assertThat(fixture.get(gateway, "/live/fleet", ended).statusCode()).isEqualTo(401);
        }
        assertThat(list()).contains("revokedAt");
        assertThat(fixture.warehouse.count(
                        "SELECT count(*) FROM audit WHERE action IN ('create_wall_token', 'revoke_wall_token')"
                                + " AND target = 'wall_token/" + revoked.getLong("wallTokenId") + "'"))
                .isEqualTo(2);
    }

    @Test
    void isCreatedByUsersWithTheScopeOpsOnlyAndAScopeOfThisNameOpensNothing() throws Exception {
        String others = fixture.issuer.token("rides:read", "riders:read", "riders:write", "alerts:write", "live:read");

        assertThat(fixture.post(gateway, "/v1/wall-tokens", others, new JsonObject().put("label", "Mine"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(fixture.post(gateway, "/live/tickets", fixture.issuer.token("live:read"))
                        .statusCode())
                .isEqualTo(403);
    }
}
