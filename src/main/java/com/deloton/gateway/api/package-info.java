/** The REST API: what an operation of the contract is given and gives back, and what stands between it and HTTP. */
@NullMarked
package com.deloton.gateway.api;

import org.jspecify.annotations.NullMarked;
