@NullMarked
package com.deloton.infra.base;

import org.jspecify.annotations.NullMarked;
