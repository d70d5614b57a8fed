@NullMarked
package com.deloton.gateway.tableau;

import org.jspecify.annotations.NullMarked;
