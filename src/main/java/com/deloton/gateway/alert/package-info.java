/** Heart-rate alert mails: claiming due deliveries, writing and sending them, retries, and the acknowledgement page. */
@NullMarked
package com.deloton.gateway.alert;

import org.jspecify.annotations.NullMarked;
