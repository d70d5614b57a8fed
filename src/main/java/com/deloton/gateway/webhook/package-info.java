/** Events as HTTP calls: claiming due deliveries, their content and signature, calling the endpoints, and retries. */
@NullMarked
package com.deloton.gateway.webhook;

import org.jspecify.annotations.NullMarked;
