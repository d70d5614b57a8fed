/** Heart-rate monitoring during ingest: one watch per open ride, with alerts stored ahead of the flush. */
@NullMarked
package com.deloton.gateway.ingest.heartrate;

import org.jspecify.annotations.NullMarked;
