@NullMarked
package com.deloton.gateway;

import org.jspecify.annotations.NullMarked;
