@NullMarked
package com.deloton.gateway.ingest.stream;

import org.jspecify.annotations.NullMarked;
