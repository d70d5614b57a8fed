/** The daily report: its schedule, the claim of a day, delivery by mail, retries and catch-up. */
@NullMarked
package com.deloton.gateway.report;

import org.jspecify.annotations.NullMarked;
