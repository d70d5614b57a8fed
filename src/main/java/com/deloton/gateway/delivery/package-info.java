/** What alert and report mails share: the waits between attempts, the storing of results, and the logging of outages. */
@NullMarked
package com.deloton.gateway.delivery;

import org.jspecify.annotations.NullMarked;
