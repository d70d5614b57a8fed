@NullMarked
package com.deloton.gateway.report;

import org.jspecify.annotations.NullMarked;
