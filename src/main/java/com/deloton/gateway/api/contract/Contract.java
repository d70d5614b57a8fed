package com.deloton.gateway.api.contract;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.Collection;
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

    private Contract(OpenAPIContract resolved) {
        this.resolved = resolved;
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
        return vertx.executeBlocking(() -> ContractCopy.of(parse(yaml)))
                .compose(copy -> OpenAPIContract.from(vertx, copy == null ? new JsonObject() : copy))
                .map(Contract::new);
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

    /** For the router that Vert.x builds. */
    public OpenAPIContract resolved() {
        return resolved;
    }

    public Collection<ContractOperation> operations() {
        return operations.values();
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
