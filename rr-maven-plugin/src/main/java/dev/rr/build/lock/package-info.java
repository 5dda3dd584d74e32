/**
 * What a file is made of, to the byte: {@code rr.lock}, and the note by which a build knows that
 * nothing changed. Caller's thread.
 */
@NullMarked
package dev.rr.build.lock;

import org.jspecify.annotations.NullMarked;
