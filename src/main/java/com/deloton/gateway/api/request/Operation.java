package com.deloton.gateway.api.request;

import io.vertx.core.Future;

/** One operation of the contract. Runs on the event loop of the request and must not block it. */
@FunctionalInterface
public interface Operation {

    /** Fails with a {@link ApiException} for what the caller can mend; any other failure is answered with 500 or 503. */
    Future<ApiResponse> answer(ApiRequest call);
}
