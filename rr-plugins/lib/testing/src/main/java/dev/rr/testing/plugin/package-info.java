/** The server around a plugin, made up by a test. Owns no thread. */
@NullMarked
package dev.rr.testing.plugin;

import org.jspecify.annotations.NullMarked;
