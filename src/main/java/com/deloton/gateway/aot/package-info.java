/** The classes that the AOT cache of the image has in addition to those of a start without servers. */
@NullMarked
package com.deloton.gateway.aot;

import org.jspecify.annotations.NullMarked;
