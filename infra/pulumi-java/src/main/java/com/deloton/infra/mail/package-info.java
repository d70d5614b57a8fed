@NullMarked
package com.deloton.infra.mail;

import org.jspecify.annotations.NullMarked;
