@NullMarked
package com.deloton.infra.iam;

import org.jspecify.annotations.NullMarked;
