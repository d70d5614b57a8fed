/** The settings of traces: where they are posted, and how many. */
@NullMarked
package com.deloton.gateway.config.tracing;

import org.jspecify.annotations.NullMarked;
