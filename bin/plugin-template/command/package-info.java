/** The sub-command {@code rr sample}. Owns no thread; it runs on the main thread. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;
