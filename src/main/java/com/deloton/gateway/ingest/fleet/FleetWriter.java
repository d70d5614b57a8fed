package com.deloton.gateway.ingest.fleet;

import java.util.UUID;

/** The name of a process in the headers of the fleet topic, by which it leaves out its own records. */
public record FleetWriter(String name) {
    static final String HEADER = "writer";
    /** How a ride ended, on the record without value that says so. */
    static final String ENDING_HEADER = "ending";

    public static FleetWriter unique() {
        return new FleetWriter(UUID.randomUUID().toString());
    }
}
