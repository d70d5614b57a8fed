@NullMarked
package com.deloton.infra.delivery;

import org.jspecify.annotations.NullMarked;
