/** The figures of one day: SQL queries, their results as records, and the JSON form that is stored. */
@NullMarked
package com.deloton.gateway.report.figures;

import org.jspecify.annotations.NullMarked;
