/** The commands that write bike records to Kafka: a simulated fleet, or a captured file replayed. */
@NullMarked
package com.deloton.gateway.simulate;

import org.jspecify.annotations.NullMarked;
