@NullMarked
package com.deloton.gateway.config;

import org.jspecify.annotations.NullMarked;
