/** The fault harness: a gateway with real servers under a seeded schedule of faults, checked against the simulator's ledger. */
@org.jspecify.annotations.NullMarked
package com.deloton.gateway.faults;
