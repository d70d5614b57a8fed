package com.deloton.gateway.tableau;

/** Publishing failed in part or as a whole; the message is for the user. */
public final class PublishException extends Exception {
    private static final long serialVersionUID = 1;

    PublishException(String message) {
        super(message);
    }

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
