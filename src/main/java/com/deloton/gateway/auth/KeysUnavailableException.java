package com.deloton.gateway.auth;

/** A token cannot be verified now: the issuer's keys, or the stored wall tokens, cannot be read yet. */
public final class KeysUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int retryAfterS;

    public KeysUnavailableException(String message, int retryAfterS) {
        super(message, null, false, false);
        this.retryAfterS = retryAfterS;
    }

    /** Seconds until the keys may be fetched again. */
    public int retryAfterS() {
        return retryAfterS;
    }
}
