@NullMarked
package com.deloton.gateway.report.chart;

import org.jspecify.annotations.NullMarked;
