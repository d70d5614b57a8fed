@NullMarked
package com.deloton.gateway.api.days;

import org.jspecify.annotations.NullMarked;
