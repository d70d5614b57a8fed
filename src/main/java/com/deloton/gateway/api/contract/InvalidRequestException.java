package com.deloton.gateway.api.contract;

import java.util.List;

/** A request that does not match the contract. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /**
     * One mismatch.
     *
     * @param pointer where: {@code /query/limit}, {@code /path/ride}, or a JSON pointer into the body
     * @param reason value found and value expected, shown to the client
     */
    public record Violation(String pointer, String reason) {}

    InvalidRequestException(List<Violation> violations) {
        super(violations.toString(), null, false, false);
        this.violations = List.copyOf(violations);
    }

    public List<Violation> violations() {
        return violations;
    }
}
