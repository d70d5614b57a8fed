/** The HTTP server of the process: server verticle, problem documents and security headers. */
@NullMarked
package com.deloton.gateway.http;

import org.jspecify.annotations.NullMarked;
