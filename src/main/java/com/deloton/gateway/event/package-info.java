/** What crosses the event bus: batches of readings, the addresses, and the arithmetic of ride ids. */
@NullMarked
package com.deloton.gateway.event;

import org.jspecify.annotations.NullMarked;
