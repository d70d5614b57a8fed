@NullMarked
package com.deloton.gateway.api.query;

import org.jspecify.annotations.NullMarked;
