@NullMarked
package com.deloton.infra.analyst;

import org.jspecify.annotations.NullMarked;
