/** What crosses the event bus: the batch of readings, the addresses and the ride-id arithmetic. */
@NullMarked
package com.deloton.gateway.event;

import org.jspecify.annotations.NullMarked;
