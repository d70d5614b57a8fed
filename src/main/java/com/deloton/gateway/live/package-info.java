/** The live view: fleet state, numbered frames, tickets, the event-bus bridge to browsers, and server-sent events. */
@NullMarked
package com.deloton.gateway.live;

import org.jspecify.annotations.NullMarked;
