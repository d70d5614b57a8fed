/** Operations under /webhooks: the state of endpoints, and enabling them again. */
@NullMarked
package com.deloton.gateway.api.webhooks;

import org.jspecify.annotations.NullMarked;
