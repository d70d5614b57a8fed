/** The page in a real browser, on a real gateway, fed by Kafka. */
@NullMarked
package com.deloton.gateway.dashboard;

import org.jspecify.annotations.NullMarked;
