/** The configuration of the process as immutable records, one per section, each key with its default and its limits. */
@NullMarked
package com.deloton.gateway.config;

import org.jspecify.annotations.NullMarked;
