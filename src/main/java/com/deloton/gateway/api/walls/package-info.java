/** Operations under /wall-tokens: creating, listing and revoking the tokens of wall displays. */
@NullMarked
package com.deloton.gateway.api.walls;

import org.jspecify.annotations.NullMarked;
