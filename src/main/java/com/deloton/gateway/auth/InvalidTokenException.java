package com.deloton.gateway.auth;

/** A token that is not believed. The message is for the caller to read and holds nothing of the token. */
public final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String reason) {
        super(reason, null, false, false);
    }
}
