@NullMarked
package com.deloton.gateway.ingest.heartrate;

import org.jspecify.annotations.NullMarked;
