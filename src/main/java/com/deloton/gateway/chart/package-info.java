/** A drawing area for charts as PNG images, with text from outlines instead of installed fonts. */
@NullMarked
package com.deloton.gateway.chart;

import org.jspecify.annotations.NullMarked;
