/** The types between HTTP and an operation: request, response and expected error. */
@NullMarked
package com.deloton.gateway.api.request;

import org.jspecify.annotations.NullMarked;
