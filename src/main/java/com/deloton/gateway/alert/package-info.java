@NullMarked
package com.deloton.gateway.alert;

import org.jspecify.annotations.NullMarked;
