/** Operation of the process: health, metrics, traces, lifecycle, event-loop lag, and the resources that verticles share. */
@NullMarked
package com.deloton.gateway.ops;

import org.jspecify.annotations.NullMarked;
