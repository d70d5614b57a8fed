/**
 * Open rides that follow their Kafka key to another partition: when a ride may move, and the transaction that moves it.
 */
@NullMarked
package com.deloton.gateway.ingest.moved;

import org.jspecify.annotations.NullMarked;
