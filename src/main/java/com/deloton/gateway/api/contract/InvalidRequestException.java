package com.deloton.gateway.api.contract;

import java.util.List;

/** A request that is not as the contract wants it. */
public final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    /**
     * One thing that is wrong.
     *
     * @param pointer where: {@code /query/limit}, {@code /path/ride}, or a JSON pointer into the body
     * @param reason for the caller to read
     */
    public record Fault(String pointer, String reason) {}

    InvalidRequestException(List<Fault> faults) {
        super(faults.toString(), null, false, false);
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
