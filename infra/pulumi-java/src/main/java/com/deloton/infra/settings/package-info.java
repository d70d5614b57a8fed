@NullMarked
package com.deloton.infra.settings;

import org.jspecify.annotations.NullMarked;
