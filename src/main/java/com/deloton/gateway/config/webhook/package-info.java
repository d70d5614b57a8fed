/** The settings of webhooks: the endpoints, and where and how they are called. */
@NullMarked
package com.deloton.gateway.config.webhook;

import org.jspecify.annotations.NullMarked;
