/** Operations under /days: key figures, distributions and leaderboards of a period. */
@NullMarked
package com.deloton.gateway.api.days;

import org.jspecify.annotations.NullMarked;
