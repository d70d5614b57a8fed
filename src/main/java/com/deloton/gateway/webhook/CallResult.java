package com.deloton.gateway.webhook;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of a call. */
sealed interface CallResult {
    /** The response has a status of 2xx. */
    record Accepted(int status) implements CallResult {}

    /**
     * Any other response, or none.
     *
     * @param status null without a response
     * @param answer the beginning of the response, or why there is none
     * @param retryAfter the wait that the response asks for; null if it does not
     */
    record Failed(
            @Nullable Integer status,
            String answer,
            @Nullable Duration retryAfter) implements CallResult {
        private static final int GONE = 410;
        private static final int TOO_MANY_REQUESTS = 429;
        private static final int REQUEST_TIMEOUT = 408;

        /** Whether the endpoint wants no more calls. */
        boolean gone() {
            return status != null && status == GONE;
        }

        /** Whether other events would fail as well. */
        boolean concernsEndpoint() {
            return status == null || status >= 500 || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
        }
    }
}
