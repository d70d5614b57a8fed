/** The watchdog that cancels analyst queries which exceed their time limit. */
@NullMarked
package com.deloton.gateway.analyst;

import org.jspecify.annotations.NullMarked;
