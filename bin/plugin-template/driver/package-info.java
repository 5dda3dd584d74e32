/** The driver {@code sample} of {@code kv}. Owns no thread. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;
