@NullMarked
package com.deloton.gateway.ingest.heart;

import org.jspecify.annotations.NullMarked;
