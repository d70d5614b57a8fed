/** Tableau data sources and workbooks for the analytics views, and their publication to a Tableau Server. */
@NullMarked
package com.deloton.gateway.tableau;

import org.jspecify.annotations.NullMarked;
