/** {@code rr-build.jar}: makes the file where there is no Maven. Main thread. */
@NullMarked
package dev.rr.tool;

import org.jspecify.annotations.NullMarked;
