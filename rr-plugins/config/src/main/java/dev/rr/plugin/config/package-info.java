/**
 * The {@code config} plugin: reads the configuration file as nodes that know their file and line,
 * expands environment variables, applies {@code -o} overrides and includes, and decodes sections by
 * upstream's weak rules. Owns no thread; everything is immutable once init has returned.
 */
@NullMarked
package dev.rr.plugin.config;

import org.jspecify.annotations.NullMarked;
