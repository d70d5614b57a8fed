/** Operations under /tableau: download of the Tableau files. */
@NullMarked
package com.deloton.gateway.api.tableau;

import org.jspecify.annotations.NullMarked;
