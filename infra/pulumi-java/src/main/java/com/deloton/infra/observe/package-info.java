@NullMarked
package com.deloton.infra.observe;

import org.jspecify.annotations.NullMarked;
