/**
 * The PHP application that may be in the packed file: unpacks it, and puts right what is not as it
 * was. No threads.
 */
@NullMarked
package dev.rr.embed;

import org.jspecify.annotations.NullMarked;
