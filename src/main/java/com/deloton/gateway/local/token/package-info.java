/** Tokens for those who try the gateway on their own machine. */
@NullMarked
package com.deloton.gateway.local.token;

import org.jspecify.annotations.NullMarked;
