/** Operations under /reports: stored daily reports and new runs of them. */
@NullMarked
package com.deloton.gateway.api.reports;

import org.jspecify.annotations.NullMarked;
