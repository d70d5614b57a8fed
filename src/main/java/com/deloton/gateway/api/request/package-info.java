/** What an operation of the REST API takes and returns. */
@NullMarked
package com.deloton.gateway.api.request;

import org.jspecify.annotations.NullMarked;
