/**
 * The first class that runs, compiled for Java 8 so that an old Java can say or do something
 * sensible. Main thread.
 */
@NullMarked
package dev.rr.launch;

import org.jspecify.annotations.NullMarked;
