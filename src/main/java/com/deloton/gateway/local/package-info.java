/** The command that runs the gateway with an embedded PostgreSQL, Kafka and mailbox on one machine. */
@NullMarked
package com.deloton.gateway.local;

import org.jspecify.annotations.NullMarked;
