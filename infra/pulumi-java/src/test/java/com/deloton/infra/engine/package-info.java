@NullMarked
package com.deloton.infra.engine;

import org.jspecify.annotations.NullMarked;
