package com.deloton.gateway.api.contract;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** An OpenAPI contract. Immutable, safe for use by any thread. */
public final class Contract {
    private final OpenAPIContract resolved;
    private final Map<String, ContractOperation> operations = new TreeMap<>();
    private final List<EventStream> streams;

    private Contract(OpenAPIContract resolved, List<EventStream> streams) {
        this.resolved = resolved;
        this.streams = List.copyOf(streams);
        resolved.operations().forEach(operation -> {
            if (operation.getOperationId() == null) {
                throw new IllegalArgumentException(
                        operation.getHttpMethod() + " " + operation.getOpenAPIPath() + " has no operationId");
            }
            operations.put(operation.getOperationId(), new ContractOperation(resolved, operation));
        });
    }

    /** Fails if the text is not an OpenAPI contract, or uses features that this package does not support. */
    public static Future<Contract> load(Vertx vertx, String yaml) {
        List<EventStream> streams = new ArrayList<>();
        return vertx.executeBlocking(() -> {
                    JsonObject contract = parse(yaml);
                    streams.addAll(EventStream.takeFrom(contract));
                    return ContractCopy.of(contract);
                })
                .compose(copy -> OpenAPIContract.from(vertx, copy == null ? new JsonObject() : copy))
                .map(resolved -> new Contract(resolved, streams));
    }

    /** The contract as written, with unresolved references. */
    public static JsonObject parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(200);
        Map<String, Object> members = new Yaml(
                        new SafeConstructor(options),
                        new Representer(new DumperOptions()),
                        new DumperOptions(),
                        options,
                        new DatesAreText())
                .load(yaml);
        return new JsonObject(new JsonObject(members).encode());
    }

    /** For the router that Vert.x builds; without the {@link #streams()}. */
    public OpenAPIContract resolved() {
        return resolved;
    }

    /** All operations but the {@link #streams()}. */
    public Collection<ContractOperation> operations() {
        return operations.values();
    }

    /** The operations that answer with server-sent events. */
    public List<EventStream> streams() {
        return streams;
    }

    /** Keeps unquoted dates of examples as text. */
    private static final class DatesAreText extends Resolver {
        @Override
        public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
            if (!tag.equals(Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, pattern, first, limit);
            }
        }
    }
}
