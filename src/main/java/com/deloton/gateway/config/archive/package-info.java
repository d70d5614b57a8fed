/** The settings of the archive of closed days. */
@NullMarked
package com.deloton.gateway.config.archive;

import org.jspecify.annotations.NullMarked;
