/** Operations under /riders: riders, alert settings, personal records, data export and erasure. */
@NullMarked
package com.deloton.gateway.api.riders;

import org.jspecify.annotations.NullMarked;
