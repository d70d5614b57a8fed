@NullMarked
package com.deloton.gateway.report.render;

import org.jspecify.annotations.NullMarked;
