/** Authentication and authorization of HTTP requests: bearer tokens, verification keys and scopes. */
@NullMarked
package com.deloton.gateway.auth;

import org.jspecify.annotations.NullMarked;
