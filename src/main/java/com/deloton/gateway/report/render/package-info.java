/** The report as a document: plain text, HTML, PDF and CSV. */
@NullMarked
package com.deloton.gateway.report.render;

import org.jspecify.annotations.NullMarked;
