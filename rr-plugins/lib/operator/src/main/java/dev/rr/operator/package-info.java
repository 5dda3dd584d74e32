/**
 * The plain HTTP/1 listeners beside {@code http}: files, and what operators look at. Undertow
 * accepts, keeps connections and frames answers; what a request is, is decided in front of it by
 * the rules of {@code http}. The IO threads do everything, and nothing that blocks may run on them.
 */
@NullMarked
package dev.rr.operator;

import org.jspecify.annotations.NullMarked;
