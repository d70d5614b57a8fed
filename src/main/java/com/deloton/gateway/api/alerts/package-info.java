/** Operations under /alerts: listing and acknowledging heart-rate alerts. */
@NullMarked
package com.deloton.gateway.api.alerts;

import org.jspecify.annotations.NullMarked;
