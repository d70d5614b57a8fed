/** Charts of the report, drawn as PNG images without any installed font. */
@NullMarked
package com.deloton.gateway.report.chart;

import org.jspecify.annotations.NullMarked;
