/** Tells people and programs of a selection: as a graph, and why something is in it. Stateless. */
@NullMarked
package dev.rr.build.describe;

import org.jspecify.annotations.NullMarked;
