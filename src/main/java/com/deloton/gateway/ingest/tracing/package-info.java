/** The spans of ingest: polls, records that carry a trace, alerts, and the flushes that store them. */
@NullMarked
package com.deloton.gateway.ingest.tracing;

import org.jspecify.annotations.NullMarked;
