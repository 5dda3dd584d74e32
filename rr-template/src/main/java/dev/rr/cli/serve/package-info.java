/** Runs the server, and stops one. The main thread does the work; signals arrive on the JVM's. */
@NullMarked
package dev.rr.cli.serve;

import org.jspecify.annotations.NullMarked;
