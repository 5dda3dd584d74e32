/**
 * Decodes configuration: nodes that know their file and line, read from YAML or made of Java's
 * values, and sections that turn them into records by upstream's weak rules. Owns no thread;
 * everything is immutable once it is made.
 */
@NullMarked
package dev.rr.config;

import org.jspecify.annotations.NullMarked;
