@NullMarked
package com.deloton.infra.deploy;

import org.jspecify.annotations.NullMarked;
