/** The table of all REST API operations, by operation id. */
@NullMarked
package com.deloton.gateway.api;

import org.jspecify.annotations.NullMarked;
