/**
 * JSON between bytes and plain values, by the rules of Go's encoder and decoder. Owns no thread;
 * readers and writers live for one document.
 */
@NullMarked
package dev.rr.json;

import org.jspecify.annotations.NullMarked;
