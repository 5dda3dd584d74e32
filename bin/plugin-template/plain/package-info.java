/** What {@code sample} is for. Owns no thread. */
@NullMarked
package dev.rr.plugin.sample;

import org.jspecify.annotations.NullMarked;
