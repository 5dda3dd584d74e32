/**
 * From what the user named to plugins that fit together: descriptors are read, no class is loaded,
 * and all that is wrong is told at once. Artifacts come through {@link
 * dev.rr.build.select.Resolver}. Caller's thread.
 */
@NullMarked
package dev.rr.build.select;

import org.jspecify.annotations.NullMarked;
