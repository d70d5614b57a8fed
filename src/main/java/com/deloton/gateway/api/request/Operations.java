package com.deloton.gateway.api.request;

import java.util.Map;

/** What answers the operations of the contract. */
@FunctionalInterface
public interface Operations {

    /** By operationId; exactly those of the contract. */
    Map<String, Operation> all();
}
