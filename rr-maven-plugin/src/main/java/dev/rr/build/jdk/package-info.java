/**
 * Finds the JDK that a build uses, reads what one says of itself, and makes a Java of the modules
 * that a file needs. Caller's thread.
 */
@NullMarked
package dev.rr.build.jdk;

import org.jspecify.annotations.NullMarked;
