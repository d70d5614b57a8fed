package com.deloton.gateway.auth;

/** A token cannot be verified now, since the issuer's keys could not be fetched. */
public final class KeysUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeysUnavailableException(String message) {
        super(message, null, false, false);
    }
}
