/**
 * Reading settings of any name: YAML files, environment variables and secret files, parsing, errors and descriptions.
 */
@NullMarked
package com.deloton.gateway.config.settings;

import org.jspecify.annotations.NullMarked;
