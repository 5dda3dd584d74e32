/**
 * For development: replaces the workers of a plugin when the files of its application change. Owns
 * the thread {@code rr-reload}, which looks at files and resets, and where files are watched one of
 * the JDK's.
 */
@NullMarked
package dev.rr.plugin.reload;

import org.jspecify.annotations.NullMarked;
