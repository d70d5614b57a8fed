/** The operation on /status: the health and the figures of the process that answers. */
@NullMarked
package com.deloton.gateway.api.status;

import org.jspecify.annotations.NullMarked;
