@NullMarked
package com.deloton.gateway.ops;

import org.jspecify.annotations.NullMarked;
