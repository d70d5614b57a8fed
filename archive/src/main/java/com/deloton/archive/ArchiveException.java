package com.deloton.archive;

/** Why nothing, or not everything, was archived; the message is for the operator. */
final class ArchiveException extends RuntimeException {
    ArchiveException(String message) {
        super(message);
    }
}
