@NullMarked
package com.deloton.gateway.api.operations;

import org.jspecify.annotations.NullMarked;
