/** The deletion of data whose retention time has passed. */
@NullMarked
package com.deloton.gateway.retention;

import org.jspecify.annotations.NullMarked;
