@NullMarked
package com.deloton.gateway.live;

import org.jspecify.annotations.NullMarked;
