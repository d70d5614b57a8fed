@NullMarked
package com.deloton.infra;

import org.jspecify.annotations.NullMarked;
