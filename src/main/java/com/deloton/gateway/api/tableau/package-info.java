/** Operations under /tableau. */
@NullMarked
package com.deloton.gateway.api.tableau;

import org.jspecify.annotations.NullMarked;
