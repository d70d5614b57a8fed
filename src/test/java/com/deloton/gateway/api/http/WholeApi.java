package com.deloton.gateway.api.http;

import com.deloton.gateway.api.WarehouseOperations;
import com.deloton.gateway.api.contract.Contract;
import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.contract.EventStream;
import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.ApiConfig;
import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.store.Database;
import com.deloton.gateway.tableau.TableauFiles;
import com.deloton.gateway.testing.ApiFixture;
import com.deloton.gateway.testing.TestConfigs;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real contract and the real operations, on an empty warehouse. Answers are held against the contract. */
public final class WholeApi implements AutoCloseable {
    static final ApiConfig NO_LIMIT = new ApiConfig(List.of(), 1_000_000, Duration.ofSeconds(5));

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;
    public final HttpApiFixture fixture;
    final JsonObject contract;
    public final List<ContractOperation> operations;
    final List<EventStream> streams;

    public WholeApi(Warehouse warehouse) {
        this(warehouse, NO_LIMIT);
    }

    WholeApi(Warehouse warehouse, ApiConfig config) {
        this(warehouse, config, null, List.of());
    }

    /** @param jwt whose tokens are believed; null for those of the fixture's issuer */
    public WholeApi(Warehouse warehouse, @Nullable JwtConfig jwt, List<? extends Consumer<Router>> before) {
        this(warehouse, NO_LIMIT, jwt, before);
    }

    private WholeApi(
            Warehouse warehouse, ApiConfig config, @Nullable JwtConfig jwt, List<? extends Consumer<Router>> before) {
        String yaml = HttpApiFixture.resource("openapi.yaml");
        contract = Contract.parse(yaml);
        Contract loaded = Contract.load(vertx, yaml).await();
        operations = List.copyOf(loaded.operations());
        streams = loaded.streams();
        pool = Database.pool(vertx, TestConfigs.database(warehouse.database()), "api", config.statementTimeout());
        fixture = new HttpApiFixture(
                yaml,
                new WarehouseOperations(
                        vertx,
                        pool,
                        HeartRatePolicy.DEFAULT,
                        ZoneId.of("Europe/London"),
                        new TableauFiles(AnalystConfig.beside(TestConfigs.database(warehouse.database()))),
                        InstantSource.system(),
                        ApiFixture.status(vertx)),
                config,
                jwt,
                before);
    }

    /** Three rides of one rider in the last hours; the youngest has readings. */
    public static Warehouse someRides() {
        Warehouse warehouse = Warehouse.fresh();
        warehouse.execute("INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('deloton', 0, 9)");
        warehouse.execute(
                "INSERT INTO bike (bike_serial, first_seen_at, last_seen_at) VALUES ('SN0007', now(), now())");
        warehouse.execute("""
                INSERT INTO rider (rider_id, name, gender, date_of_birth, seen_at)
                VALUES (4826, 'Siân Lloyd-Hughes', 'female', '1985-03-01', now())
                """);
        warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, status,
                    ended_at, duration_s, moving_s, readings, energy_kj, power_mean_w, heart_rate_measured_s)
                SELECT 4096 * n + source_id, source_id, 'SN0007', 4826, 'SN0007', now() - n * interval '1 hour',
                    'female', 'completed', now() - n * interval '1 hour' + interval '520 s', 520, 520, 520, 62.4 + n,
                    120.5, 520
                FROM generate_series(1, 3) n, ingest_position
                """);
        warehouse.execute("SELECT ensure_day(day) FROM ride ORDER BY ride_id LIMIT 1");
        warehouse.execute("""
                INSERT INTO ride_series (day, ride_id, first_s, zero_at, delay_ms, heart_rate_bpm, cadence_rpm,
                    resistance, power_w)
                SELECT day, ride_id, 1, started_at, array_agg(500 ORDER BY s), array_agg(120 + s / 60 ORDER BY s),
                    array_agg(70 + s % 3 ORDER BY s), array_agg(40 ORDER BY s), array_agg(150 + s * 0.5 ORDER BY s)
                FROM (SELECT * FROM ride ORDER BY ride_id LIMIT 1) youngest, generate_series(1, 520) s
                GROUP BY day, ride_id, started_at
                """);
        return warehouse;
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
    public String[] allScopes() {
        TreeSet<String> scopes = new TreeSet<>(List.of("riders:read"));
        operations.forEach(operation -> scopes.addAll(operation.scopes()));
        return scopes.toArray(String[]::new);
    }

    @Override
    public void close() {
        fixture.close();
        pool.close().await();
        vertx.close().await();
    }
}
