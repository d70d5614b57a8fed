/** How a setting is found, parsed, refused and described, whatever it is called. */
@NullMarked
package com.deloton.gateway.config.settings;

import org.jspecify.annotations.NullMarked;
