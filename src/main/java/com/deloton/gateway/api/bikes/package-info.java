/** Operations under /bikes. */
@NullMarked
package com.deloton.gateway.api.bikes;

import org.jspecify.annotations.NullMarked;
