@NullMarked
package com.deloton.gateway.api.alerts;

import org.jspecify.annotations.NullMarked;
