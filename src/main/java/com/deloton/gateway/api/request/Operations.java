package com.deloton.gateway.api.request;

import java.util.Map;

/** The implementations of the contract's operations. */
@FunctionalInterface
public interface Operations {

    /** Keyed by {@code operationId}. */
    Map<String, Operation> byId();
}
