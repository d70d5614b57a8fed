package com.deloton.gateway.api.request;

import com.deloton.gateway.auth.Scope;
import org.jspecify.annotations.Nullable;

/** A request that cannot be fulfilled; becomes a problem document (RFC 9457). The message is shown to the client. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String pointer;

    private ApiException(int status, @Nullable String pointer, String message) {
        super(message, null, false, false);
        this.status = status;
        this.pointer = pointer;
    }

    /** 404; {@code what} begins a sentence: {@code "Ride 7"}. */
    public static ApiException notFound(String what) {
        return new ApiException(404, null, what + " does not exist.");
    }

    /** 410; {@code reason} is a sentence. */
    public static ApiException gone(String reason) {
        return new ApiException(410, null, reason);
    }

    /** 409; {@code reason} is a sentence. */
    public static ApiException conflict(String reason) {
        return new ApiException(409, null, reason);
    }

    /**
     * 422: matches the contract, but the values contradict each other or the data.
     *
     * @param pointer {@code /query/limit}, {@code /path/date}, or a JSON pointer into the body such as {@code /maxBpm}
     * @param reason what is expected: {@code "must be after from"}
     */
    public static ApiException invalid(String pointer, String reason) {
        return new ApiException(422, pointer, reason);
    }

    /** 429, with an hour as {@code Retry-After}; {@code reason} is a sentence that names the limit. */
    public static ApiException tooManyPerHour(String reason) {
        return new ApiException(429, null, reason);
    }

    /** 403, for a scope that only some uses of an operation need. */
    public static ApiException missingScope(Scope scope) {
        return new ApiException(403, null, "The token does not have the scope " + scope.value() + ".");
    }

    /** 403; {@code reason} is a sentence. */
    public static ApiException forbidden(String reason) {
        return new ApiException(403, null, reason);
    }

    public int status() {
        return status;
    }

    /** The invalid part of the request; null if it is not a single one. */
    public @Nullable String pointer() {
        return pointer;
    }
}
