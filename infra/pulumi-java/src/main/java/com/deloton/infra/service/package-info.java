@NullMarked
package com.deloton.infra.service;

import org.jspecify.annotations.NullMarked;
