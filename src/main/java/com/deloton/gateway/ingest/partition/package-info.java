@NullMarked
package com.deloton.gateway.ingest.partition;

import org.jspecify.annotations.NullMarked;
