/**
 * The contract, openapi.yaml, as Vert.x and our own code read it. Vert.x's module of this version has gaps (media types
 * that it refuses, parameters decoded twice, defaults that are not applied); this package closes them.
 */
@NullMarked
package com.deloton.gateway.api.contract;

import org.jspecify.annotations.NullMarked;
