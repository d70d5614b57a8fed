@NullMarked
package com.deloton.gateway.local.mailbox;

import org.jspecify.annotations.NullMarked;
