package com.deloton.gateway.api.request;

import io.vertx.core.Future;

/** One operation of the contract. Runs on the event loop of the request and must not block it. */
@FunctionalInterface
public interface Operation {

    /** Fails with an {@link ApiException} for an error of the client; any other failure becomes status 500 or 503. */
    Future<ApiResponse> answer(ApiRequest request);
}
