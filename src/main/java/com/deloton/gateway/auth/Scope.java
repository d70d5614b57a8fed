package com.deloton.gateway.auth;

import java.util.Arrays;
import java.util.List;

/** The scopes of tokens. The contract states which of them an operation needs. */
public enum Scope {
    /** Rides, readings, days, alerts and bikes, without personal data. */
    RIDES_READ("rides:read"),
    /** Personal data of riders. */
    RIDERS_READ("riders:read"),
    /** Alert settings of riders, and their erasure. */
    RIDERS_WRITE("riders:write"),
    /** The live view of the fleet, without names; only wall tokens have it. */
    LIVE_READ("live:read"),
    /** Deleting rides. */
    RIDES_DELETE("rides:delete"),
    /** Acknowledging and silencing alerts. */
    ALERTS_WRITE("alerts:write"),
    /** Quarantine, running reports, and wall tokens. */
    OPS("ops"),
    /** The data of the rider that the token names, and of no other. */
    SELF("self");

    private final String value;

    Scope(String value) {
        this.value = value;
    }

    /** As in tokens and in the contract. */
    public String value() {
        return value;
    }

    public static List<String> values(Scope... scopes) {
        return Arrays.stream(scopes).map(Scope::value).toList();
    }
}
