/** SQL building blocks of the operations: filters, cursors, time ranges and JSON rows. */
@NullMarked
package com.deloton.gateway.api.query;

import org.jspecify.annotations.NullMarked;
