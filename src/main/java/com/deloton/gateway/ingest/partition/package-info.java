/**
 * The state of one assigned partition: the streams of its bikes, its recovery from the database, and the next flush.
 */
@NullMarked
package com.deloton.gateway.ingest.partition;

import org.jspecify.annotations.NullMarked;
