/** What mails and webhooks share: claiming due deliveries, the waits between attempts, and the storing of results. */
@NullMarked
package com.deloton.gateway.delivery;

import org.jspecify.annotations.NullMarked;
