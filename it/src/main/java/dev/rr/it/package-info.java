/**
 * What the projects under {@code src/it} share to run a packed rr and Maven from their tests, as a
 * user would from a shell. Owns the processes that it starts and ends them; no threads but those
 * that drain output.
 */
@NullMarked
package dev.rr.it;

import org.jspecify.annotations.NullMarked;
