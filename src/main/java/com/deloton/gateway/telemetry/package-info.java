@NullMarked
package com.deloton.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
