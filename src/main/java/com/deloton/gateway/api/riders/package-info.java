@NullMarked
package com.deloton.gateway.api.riders;

import org.jspecify.annotations.NullMarked;
