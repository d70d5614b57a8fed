/** Operations under /rides: rides, their readings, and TCX and CSV files. */
@NullMarked
package com.deloton.gateway.api.rides;

import org.jspecify.annotations.NullMarked;
