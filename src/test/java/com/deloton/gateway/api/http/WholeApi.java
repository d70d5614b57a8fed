package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.Contract;
import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.operations.WarehouseOperations;
import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.store.Database;
import com.deloton.gateway.tableau.TableauFiles;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The real contract and the real operations, on an empty warehouse. Answers are held against the contract. */
final class WholeApi implements AutoCloseable {
    static final ApiConfig NO_LIMIT = new ApiConfig(List.of(), 1_000_000, Duration.ofSeconds(5));

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;
    final ApiRig rig;
    final JsonObject contract;
    final List<ContractOperation> operations;

    WholeApi(Warehouse warehouse) {
        String yaml = ApiRig.resource("openapi.yaml");
        contract = Contract.parse(yaml);
        operations = List.copyOf(Contract.load(vertx, yaml).await().operations());
        pool = Database.pool(vertx, TestConfigs.database(warehouse.database()), "api", Duration.ofSeconds(5));
        rig = new ApiRig(
                yaml,
                new WarehouseOperations(
                        vertx,
                        pool,
                        ZoneId.of("Europe/London"),
                        new TableauFiles(AnalystConfig.beside(TestConfigs.database(warehouse.database()))),
                        InstantSource.system()),
                NO_LIMIT);
    }

    /** What every operation's parameters are, references resolved. */
    List<JsonObject> parameters(ContractOperation operation) {
        List<JsonObject> found = new ArrayList<>();
        JsonObject path = contract.getJsonObject("paths").getJsonObject(operation.path());
        for (JsonObject holder :
                List.of(path, path.getJsonObject(operation.method().toLowerCase(Locale.ROOT)))) {
            JsonArray declared = holder.getJsonArray("parameters", new JsonArray());
            for (int i = 0; i < declared.size(); i++) {
                found.add(resolve(declared.getJsonObject(i)));
            }
        }
        return found;
    }

    JsonObject resolve(JsonObject value) {
        String reference = value.getString("$ref");
        if (reference == null) {
            return value;
        }
        JsonObject target = contract;
        for (String name : reference.substring(2).split("/", -1)) {
            target = target.getJsonObject(name);
        }
        return resolve(target);
    }

    /** The path with an example for each placeholder. */
    String examplePath(ContractOperation operation) {
        String path = ApiRoutes.PREFIX + operation.path();
        for (JsonObject parameter : parameters(operation)) {
            if (parameter.getString("in").equals("path")) {
                JsonArray examples = parameter.getJsonObject("schema").getJsonArray("examples", new JsonArray().add(1));
                path = path.replace("{" + parameter.getString("name") + "}", String.valueOf(examples.getValue(0)));
            }
        }
        return path;
    }

    /** All scopes that any operation needs. */
    String[] allScopes() {
        TreeSet<String> scopes = new TreeSet<>(List.of("riders:read"));
        operations.forEach(operation -> scopes.addAll(operation.scopes()));
        return scopes.toArray(String[]::new);
    }

    @Override
    public void close() {
        rig.close();
        pool.close().await();
        vertx.close().await();
    }
}
