/** Who is asking: bearer tokens, their keys and their scopes. */
@NullMarked
package com.deloton.gateway.auth;

import org.jspecify.annotations.NullMarked;
