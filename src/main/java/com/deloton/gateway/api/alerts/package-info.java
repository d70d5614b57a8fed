/** Operations on heart-rate alerts: listing, acknowledging and silencing them, and comparing the policies. */
@NullMarked
package com.deloton.gateway.api.alerts;

import org.jspecify.annotations.NullMarked;
