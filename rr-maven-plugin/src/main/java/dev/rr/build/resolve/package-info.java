/**
 * Finds artifacts with Maven's resolver, which Maven gives to the goals and {@code rr-build.jar}
 * holds itself. Caller's thread.
 */
@NullMarked
package dev.rr.build.resolve;

import org.jspecify.annotations.NullMarked;
