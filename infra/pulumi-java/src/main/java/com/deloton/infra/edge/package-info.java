@NullMarked
package com.deloton.infra.edge;

import org.jspecify.annotations.NullMarked;
