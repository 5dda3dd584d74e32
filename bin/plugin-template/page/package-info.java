/** A page for operators on a port of its own. Owns that listener's threads {@code sample …}. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;
