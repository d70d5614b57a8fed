/** The fleet topic: the state of the open rides, written by the processes that ingest them and read by live processes. */
@NullMarked
package com.deloton.gateway.ingest.fleet;

import org.jspecify.annotations.NullMarked;
