/**
 * The goals: translate what Maven knows for {@code dev.rr.build}, and its answers for Maven.
 * Maven's thread.
 */
@NullMarked
package dev.rr.maven;

import org.jspecify.annotations.NullMarked;
