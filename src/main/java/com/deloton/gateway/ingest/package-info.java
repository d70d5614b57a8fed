/** Kafka consumers: partition assignment, polling, back-pressure, group commit and the checkpoint in PostgreSQL. */
@NullMarked
package com.deloton.gateway.ingest;

import org.jspecify.annotations.NullMarked;
