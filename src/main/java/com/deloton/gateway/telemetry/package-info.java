/** The wire format: parses the bytes of a record into a log line, or into the reason why the record is unusable. */
@NullMarked
package com.deloton.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
