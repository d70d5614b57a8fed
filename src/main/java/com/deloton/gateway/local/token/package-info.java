/** Development tokens for the gateway on this machine. */
@NullMarked
package com.deloton.gateway.local.token;

import org.jspecify.annotations.NullMarked;
