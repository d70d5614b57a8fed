@NullMarked
package com.deloton.infra.database;

import org.jspecify.annotations.NullMarked;
