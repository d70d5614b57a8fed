/**
 * The command line of both jars, and the process that deploys the verticles of its roles and drains them on
 * stop.
 */
@NullMarked
package com.deloton.gateway;

import org.jspecify.annotations.NullMarked;
