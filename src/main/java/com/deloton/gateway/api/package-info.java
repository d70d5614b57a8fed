/** What an operation of the REST API is given and gives back. */
@NullMarked
package com.deloton.gateway.api;

import org.jspecify.annotations.NullMarked;
