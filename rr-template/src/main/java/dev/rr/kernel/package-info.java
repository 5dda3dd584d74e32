/**
 * Runs an assembly: initialises its plugins, switches off what cannot live, starts and stops the
 * rest.
 */
@NullMarked
package dev.rr.kernel;

import org.jspecify.annotations.NullMarked;
