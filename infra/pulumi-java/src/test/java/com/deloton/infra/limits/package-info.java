/** Planned resources against the limits that AWS documents. */
@NullMarked
package com.deloton.infra.limits;

import org.jspecify.annotations.NullMarked;
