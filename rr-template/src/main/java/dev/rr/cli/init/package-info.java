/** Writes a first configuration, fitting what is in the folder. Main thread. */
@NullMarked
package dev.rr.cli.init;

import org.jspecify.annotations.NullMarked;
