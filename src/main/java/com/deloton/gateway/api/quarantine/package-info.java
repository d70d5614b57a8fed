/** Operations under /quarantine: listing quarantined records and replaying them into ended rides. */
@NullMarked
package com.deloton.gateway.api.quarantine;

import org.jspecify.annotations.NullMarked;
