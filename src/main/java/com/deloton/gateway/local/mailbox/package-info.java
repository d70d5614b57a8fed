/** The page that shows the mails caught on this machine. */
@NullMarked
package com.deloton.gateway.local.mailbox;

import org.jspecify.annotations.NullMarked;
