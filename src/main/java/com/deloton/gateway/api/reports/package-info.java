/** Operations under /reports. */
@NullMarked
package com.deloton.gateway.api.reports;

import org.jspecify.annotations.NullMarked;
