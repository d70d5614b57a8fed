package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.testing.TestIssuer;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every operation of the contract against every kind of token; a new operation is covered by itself. */
class ScopeMatrixIT {
    @SuppressWarnings("NullAway.Init")
    private static WholeApi api;

    @BeforeAll
    static void start() {
        api = new WholeApi(Warehouse.fresh());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @TestFactory
    Stream<DynamicTest> eachOperationAsksForItsScopes() {
        return api.operations.stream()
                .flatMap(operation -> Stream.concat(
                        Stream.of(
                                refused(operation, "no token", null, 401),
                                refused(operation, "a token of another key", strange(operation), 401),
                                refused(operation, "an expired token", expired(operation), 401),
                                dynamicTest(operation.id() + " with the right token", () -> admitted(operation))),
                        operation.scopes().stream()
                                .map(scope -> refused(operation, "all scopes but " + scope, without(scope), 403))));
    }

    @TestFactory
    Stream<DynamicTest> eachOperationNeedsSomeScopeAndSaysSo() {
        return api.operations.stream()
                .map(operation -> dynamicTest(operation.id(), () -> {
                    String description = api.contract
                            .getJsonObject("paths")
                            .getJsonObject(operation.path())
                            .getJsonObject(operation.method().toLowerCase(Locale.ROOT))
                            .getString("description");

                    assertThat(operation.scopes())
                            .isNotEmpty()
                            .allSatisfy(scope -> assertThat(description).contains("Needs `" + scope + "`"));
                    if (operation.isOpenToRiders()) {
                        assertThat(description).contains("`self`");
                    }
                }));
    }

    private static DynamicTest refused(ContractOperation operation, String what, @Nullable String token, int status) {
        return dynamicTest(operation.id() + " with " + what, () -> {
            HttpResponse<String> response = send(operation, token);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
            assertThat(response.headers().firstValue("www-authenticate").orElse(""))
                    .startsWith("Bearer");
            assertThat(new JsonObject(response.body()).getString("requestId"))
                    .isEqualTo(response.headers().firstValue("x-request-id").orElse("none"));
        });
    }

    private static void admitted(ContractOperation operation) {
        HttpResponse<String> response = send(
                operation,
                operation.scopes().contains("self")
                        ? api.fixture.issuer.tokenOfRider(4826)
                        : api.fixture.issuer.token(operation.scopes().toArray(String[]::new)));

        assertThat(response.statusCode()).as(response.body()).isNotIn(401, 403).isLessThan(500);
    }

    private static HttpResponse<String> send(ContractOperation operation, @Nullable String token) {
        HttpRequest.Builder request = api.fixture.request(api.examplePath(operation));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (operation.hasRequestBody()) {
            request.header("Content-Type", "application/json");
        }
        return api.fixture.send(request.method(
                operation.method(),
                operation.hasRequestBody() ? BodyPublishers.ofString("{}") : BodyPublishers.noBody()));
    }

    private static String strange(ContractOperation operation) {
        return TestIssuer.sign(
                new JsonObject().put("alg", "ES256").put("kid", "key-1"), claims(operation.scopes()), TestIssuer.ec());
    }

    private static String expired(ContractOperation operation) {
        return api.fixture.issuer.sign(
                "key-1",
                claims(operation.scopes())
                        .put("exp", Instant.now().minusSeconds(60).getEpochSecond()));
    }

    private static String without(String scope) {
        Set<String> others = new TreeSet<>(Set.of(api.allScopes()));
        others.remove(scope);
        return api.fixture.issuer.token(others.toArray(String[]::new));
    }

    private static JsonObject claims(Set<String> scopes) {
        return TestIssuer.claims(Instant.now()).put("scope", String.join(" ", scopes));
    }
}
