package com.deloton.gateway.auth;

/** No token can be checked now: the issuer's keys could not be fetched yet. */
public final class KeysUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeysUnavailable(String message) {
        super(message, null, false, false);
    }
}
