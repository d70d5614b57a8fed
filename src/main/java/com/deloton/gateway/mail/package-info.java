@NullMarked
package com.deloton.gateway.mail;

import org.jspecify.annotations.NullMarked;
