@NullMarked
package com.deloton.gateway.analyst;

import org.jspecify.annotations.NullMarked;
