package com.deloton.gateway.store;

/** The schema could not be read or brought up to date; the message is for the operator. */
public final class MigrationException extends RuntimeException {
    MigrationException(String message, Throwable cause) {
        super(message, cause);
    }
}
