/** Typed access to the configuration file, and how its problems are reported. */
@NullMarked
package dev.rr.api.config;

import org.jspecify.annotations.NullMarked;
