package com.deloton.gateway.auth;

/** No token can be checked now: the issuer's keys could not be fetched yet. */
public final class KeysUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeysUnavailableException(String message) {
        super(message, null, false, false);
    }
}
