package com.deloton.gateway.tableau;

/** Why nothing, or not everything, was published; the message is for the user. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1;

    PublishException(String message) {
        super(message);
    }

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
