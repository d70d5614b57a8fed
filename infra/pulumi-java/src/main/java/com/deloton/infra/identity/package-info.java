@NullMarked
package com.deloton.infra.identity;

import org.jspecify.annotations.NullMarked;
