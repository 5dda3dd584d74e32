/**
 * The PHP application that may be in the packed file: unpacks it, puts right what is not as it was,
 * and removes what earlier versions have left. No threads.
 */
@NullMarked
package dev.rr.embed;

import org.jspecify.annotations.NullMarked;
