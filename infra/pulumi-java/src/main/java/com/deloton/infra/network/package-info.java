@NullMarked
package com.deloton.infra.network;

import org.jspecify.annotations.NullMarked;
