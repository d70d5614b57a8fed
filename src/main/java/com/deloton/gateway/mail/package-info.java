/** Sending mail: the SMTP client, delivery results, and the domains that may receive mail. */
@NullMarked
package com.deloton.gateway.mail;

import org.jspecify.annotations.NullMarked;
