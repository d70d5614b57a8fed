@NullMarked
package com.deloton.infra.broker;

import org.jspecify.annotations.NullMarked;
