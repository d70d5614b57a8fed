package com.deloton.gateway.api.contract;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.contract.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Validates a response against the contract. Costs much more than the response itself: for tests, not for production. */
public final class ResponseCheck {
    private ResponseCheck() {}

    /** What does not match the contract; empty for a valid response. */
    public static List<String> violations(
            ContractOperation operation, int status, @Nullable String contentType, MultiMap headers, Buffer body) {
        String where = operation.id() + " " + status + ": ";
        Response response = operation.response(status);
        if (response == null) {
            return List.of(where + "the contract does not declare this status");
        }
        List<String> violations = new ArrayList<>();
        for (Parameter header : response.getHeaders()) {
            if (header.isRequired() && !headers.contains(header.getName())) {
                violations.add(where + "the header " + header.getName() + " is missing");
            }
        }
        if (response.getContent().isEmpty()) {
            if (body.length() > 0) {
                violations.add(where + "the contract declares no body");
            }
            return violations;
        }
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!ContractOperation.declares(response, mediaType)) {
            violations.add(where + "the contract does not declare the media type '" + mediaType + "'");
            return violations;
        }
        Validator schema = operation.responseSchema(status, mediaType);
        if (schema != null && (mediaType.endsWith("/json") || mediaType.endsWith("+json"))) {
            violations.addAll(bodyViolations(where, schema, body));
        }
        return violations;
    }

    private static List<String> bodyViolations(String where, Validator schema, Buffer body) {
        try {
            Object value = Objects.requireNonNull(Json.decodeValue(body), "null");
            return Schemas.errors(schema, value).stream()
                    .map(error -> where + error)
                    .toList();
        } catch (DecodeException e) {
            return List.of(where + "the body is not JSON");
        }
    }
}
