/** Access to PostgreSQL that features share: connection pools, migrations, and the encoding of rides and readings. */
@NullMarked
package com.deloton.gateway.store;

import org.jspecify.annotations.NullMarked;
