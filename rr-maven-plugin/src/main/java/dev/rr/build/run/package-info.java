/**
 * Runs a plugin author's module with what it needs, without packing it: from folders of classes,
 * compiled by a compiler that stays, started again when something changed. One thread, the
 * caller's; the compiler and the server are child processes, and one named thread reads the
 * compiler's answers.
 */
@NullMarked
package dev.rr.build.run;

import org.jspecify.annotations.NullMarked;
