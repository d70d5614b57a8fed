@NullMarked
package com.deloton.gateway.simulate;

import org.jspecify.annotations.NullMarked;
