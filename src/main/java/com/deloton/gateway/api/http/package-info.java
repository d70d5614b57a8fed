/** REST API over HTTP: routing, rate limits, responses, and errors as problem documents. */
@NullMarked
package com.deloton.gateway.api.http;

import org.jspecify.annotations.NullMarked;
