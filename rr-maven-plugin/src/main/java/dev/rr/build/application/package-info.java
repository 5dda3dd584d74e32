/** The PHP application that goes into a file, and the packages that Composer put into it. */
@NullMarked
package dev.rr.build.application;

import org.jspecify.annotations.NullMarked;
