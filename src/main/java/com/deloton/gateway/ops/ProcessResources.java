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
 */
public record ProcessResources(Pool pool, MeterRegistry registry, HealthChecks readiness, InstantSource clock) {}
