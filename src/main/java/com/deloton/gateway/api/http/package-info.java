/** The operations on HTTP: who may ask how often, what was asked, what is sent, and every refusal as a problem document. */
@NullMarked
package com.deloton.gateway.api.http;

import org.jspecify.annotations.NullMarked;
