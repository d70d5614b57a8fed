/** The command that copies closed days from PostgreSQL into Iceberg tables, proves the copies equal, and erases from them. */
@NullMarked
package com.deloton.archive;

import org.jspecify.annotations.NullMarked;
