/** The bucket of the archive of closed days, and what its job needs besides. */
@NullMarked
package com.deloton.infra.archive;

import org.jspecify.annotations.NullMarked;
