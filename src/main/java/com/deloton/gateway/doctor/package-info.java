/** The checks of a deployment (broker, topic, database, mail server, clock), and the creation of its topic and grants. */
@NullMarked
package com.deloton.gateway.doctor;

import org.jspecify.annotations.NullMarked;
