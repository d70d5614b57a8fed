package com.deloton.gateway.api.contract;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.RequestBody;
import io.vertx.openapi.contract.Response;
import io.vertx.openapi.contract.SecurityRequirement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One operation of the contract. */
public final class ContractOperation {
    private static final String SELF = "self";
    private static final JsonArray RIDERS_ALTERNATIVE =
            new JsonArray().add(new JsonObject().put("bearer", new JsonArray().add(SELF)));

    private final OpenAPIContract contract;
    private final Operation operation;
    private final List<ParameterRule> parameters;
    private final Set<String> scopes;
    private final boolean openToRiders;
    private final List<String> responseTypes;
    private final @Nullable Validator body;
    private final Map<String, Validator> responses = new ConcurrentHashMap<>();

    ContractOperation(OpenAPIContract contract, Operation operation) {
        this.contract = contract;
        this.operation = operation;
        parameters = operation.getParameters().stream()
                .map(parameter -> new ParameterRule(id(), parameter))
                .toList();
        JsonArray alternatives = operation.getOpenAPIModel().getJsonArray(ContractCopy.ALTERNATIVES, new JsonArray());
        if (operation.getSecurityRequirements().size() != 1
                || !(alternatives.isEmpty() || alternatives.equals(RIDERS_ALTERNATIVE))) {
            throw new IllegalArgumentException(
                    id() + " must have one security requirement, with its scopes, and at most the alternative self");
        }
        scopes = scopes(operation.getSecurityRequirements().getFirst());
        openToRiders = !alternatives.isEmpty() || scopes.equals(Set.of(SELF));
        responseTypes = IntStream.range(200, 300)
                .mapToObj(operation::getResponse)
                .filter(Objects::nonNull)
                .flatMap(response -> mediaTypes(response.getOpenAPIModel()).stream())
                .distinct()
                .toList();
        MediaType json = operation.getRequestBody() == null
                ? null
                : operation.getRequestBody().getContent().get(MediaType.APPLICATION_JSON);
        if (operation.getRequestBody() != null && json == null) {
            throw new IllegalArgumentException(id() + " has a request body that is not JSON, which is not supported");
        }
        body = json == null ? null : contract.getSchemaRepository().validator(json.getSchema());
    }

    public String id() {
        return operation.getOperationId();
    }

    public String method() {
        return operation.getHttpMethod().name();
    }

    /** With placeholders in braces, below the contract's server. */
    public String path() {
        return operation.getOpenAPIPath();
    }

    /** A token needs all of them, unless the operation is {@linkplain #isOpenToRiders() open to riders}. */
    public Set<String> scopes() {
        return scopes;
    }

    /** Whether the scope {@code self} is enough, for the data of the caller's own rider. */
    public boolean isOpenToRiders() {
        return openToRiders;
    }

    private static Set<String> scopes(SecurityRequirement requirement) {
        return requirement.getNames().stream()
                .flatMap(name -> requirement.getScopes(name).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The media types of success, in the contract's order; none if success has no body. */
    public List<String> responseTypes() {
        return responseTypes;
    }

    public boolean hasRequestBody() {
        return body != null;
    }

    /** Only if the operation has a request body. */
    JsonObject bodySchema() {
        RequestBody declared = Objects.requireNonNull(operation.getRequestBody());
        MediaType json = Objects.requireNonNull(declared.getContent().get(MediaType.APPLICATION_JSON));
        return (JsonObject) json.getSchema();
    }

    boolean isRequestBodyRequired() {
        RequestBody declared = operation.getRequestBody();
        return declared != null && declared.isRequired();
    }

    @Nullable
    Validator body() {
        return body;
    }

    List<ParameterRule> parameters() {
        return parameters;
    }

    @Nullable
    Response response(int status) {
        Response declared = operation.getResponse(status);
        return declared == null ? operation.getDefaultResponse() : declared;
    }

    /** Null if the contract does not declare this media type for this status, or no schema for it. */
    @Nullable
    Validator responseSchema(int status, String mediaType) {
        Response response = response(status);
        MediaType declared = response == null ? null : response.getContent().get(ContractCopy.alias(mediaType));
        JsonSchema schema = declared == null ? null : declared.getSchema();
        return schema == null
                ? null
                : responses.computeIfAbsent(
                        status + " " + mediaType,
                        key -> contract.getSchemaRepository().validator(schema));
    }

    static boolean declares(Response response, String mediaType) {
        return response.getContent().containsKey(ContractCopy.alias(mediaType));
    }

    private static List<String> mediaTypes(JsonObject response) {
        return response.getJsonObject("content", new JsonObject()).fieldNames().stream()
                .filter(name -> !name.startsWith("__"))
                .map(ContractCopy::original)
                .toList();
    }
}
