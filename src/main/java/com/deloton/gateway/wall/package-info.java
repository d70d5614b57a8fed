/** Tokens of wall displays: their form, their verification, and which of them were revoked. */
@NullMarked
package com.deloton.gateway.wall;

import org.jspecify.annotations.NullMarked;
