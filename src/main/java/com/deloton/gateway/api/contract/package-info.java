/** The contract, openapi.yaml: loading it, reading and validating requests against it, and content negotiation. */
@NullMarked
package com.deloton.gateway.api.contract;

import org.jspecify.annotations.NullMarked;
