@NullMarked
package com.deloton.gateway.api.rides;

import org.jspecify.annotations.NullMarked;
