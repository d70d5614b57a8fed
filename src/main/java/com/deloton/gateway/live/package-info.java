/** The live dashboard server: fleet state, numbered frames, tickets, and the event-bus bridge to browsers. */
@NullMarked
package com.deloton.gateway.live;

import org.jspecify.annotations.NullMarked;
