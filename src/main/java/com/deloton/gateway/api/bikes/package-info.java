/** Operations under /bikes: bikes and their latest rides. */
@NullMarked
package com.deloton.gateway.api.bikes;

import org.jspecify.annotations.NullMarked;
