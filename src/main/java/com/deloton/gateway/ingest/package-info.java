@NullMarked
package com.deloton.gateway.ingest;

import org.jspecify.annotations.NullMarked;
