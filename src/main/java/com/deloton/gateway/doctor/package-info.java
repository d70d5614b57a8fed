/** The checks of the command doctor: configuration, broker, topic, database, mail server and clock of a deployment. */
@NullMarked
package com.deloton.gateway.doctor;

import org.jspecify.annotations.NullMarked;
