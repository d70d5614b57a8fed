package com.deloton.gateway.auth;

/** A token that is not valid. The message is shown to the client and contains nothing of the token. */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String reason) {
        super(reason, null, false, false);
    }
}
