@NullMarked
package com.deloton.gateway.report.figures;

import org.jspecify.annotations.NullMarked;
