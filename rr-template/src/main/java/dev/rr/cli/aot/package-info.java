/** Makes the cache that lets a packed file start faster. Main thread. */
@NullMarked
package dev.rr.cli.aot;

import org.jspecify.annotations.NullMarked;
