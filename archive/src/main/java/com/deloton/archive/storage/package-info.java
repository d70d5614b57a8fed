/** Where the files of the archive are: a directory or S3, without Hadoop. */
@NullMarked
package com.deloton.archive.storage;

import org.jspecify.annotations.NullMarked;
