package com.deloton.gateway.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;

/**
 * What the verticles of one process share.
 *
 * @param pool connections to the warehouse; closed after all verticles have stopped
 * @param registry every meter of the process
 * @param readiness verticles register their checks here
 * @param clock the time of day
 * @param lifecycle where a verticle reports what only a restart can cure
 * @param tracing closed after Vert.x
 */
public record ProcessResources(
        Pool pool,
        MeterRegistry registry,
        HealthChecks readiness,
        InstantSource clock,
        Lifecycle lifecycle,
        Tracing tracing) {

    /** With a separate lifecycle and without traces, for a verticle that runs outside a gateway. */
    public ProcessResources(Pool pool, MeterRegistry registry, HealthChecks readiness, InstantSource clock) {
        this(pool, registry, readiness, clock, new Lifecycle(), Tracing.OFF);
    }

    /** The same with other connections. */
    public ProcessResources withPool(Pool other) {
        return new ProcessResources(other, registry, readiness, clock, lifecycle, tracing);
    }
}
