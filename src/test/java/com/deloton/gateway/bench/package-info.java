/** What the benchmarks share: their report, and the figures of the processes that they measure. */
@NullMarked
package com.deloton.gateway.bench;

import org.jspecify.annotations.NullMarked;
