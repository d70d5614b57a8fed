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

/** Holds an answer against the contract. Costs much more than making the answer: for tests, not for production. */
public final class ResponseCheck {
    private ResponseCheck() {}

    /** What the contract does not allow; empty if the answer is right. */
    public static List<String> faults(
            ContractOperation operation, int status, @Nullable String contentType, MultiMap headers, Buffer body) {
        String where = operation.id() + " " + status + ": ";
        Response response = operation.response(status);
        if (response == null) {
            return List.of(where + "the contract does not have this status");
        }
        List<String> faults = new ArrayList<>();
        for (Parameter header : response.getHeaders()) {
            if (header.isRequired() && !headers.contains(header.getName())) {
                faults.add(where + "the header " + header.getName() + " is missing");
            }
        }
        if (response.getContent().isEmpty()) {
            if (body.length() > 0) {
                faults.add(where + "the contract has no body here");
            }
            return faults;
        }
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!ContractOperation.declares(response, mediaType)) {
            faults.add(where + "the contract does not have the media type '" + mediaType + "'");
            return faults;
        }
        Validator schema = operation.responseSchema(status, mediaType);
        if (schema != null && (mediaType.endsWith("/json") || mediaType.endsWith("+json"))) {
            faults.addAll(bodyFaults(where, schema, body));
        }
        return faults;
    }

    private static List<String> bodyFaults(String where, Validator schema, Buffer body) {
        try {
            Object value = Objects.requireNonNull(Json.decodeValue(body), "null");
            return Schemas.faults(schema, value, "").stream()
                    .map(fault -> where + fault.pointer() + " " + fault.reason())
                    .toList();
        } catch (DecodeException e) {
            return List.of(where + "the body is no JSON");
        }
    }
}
