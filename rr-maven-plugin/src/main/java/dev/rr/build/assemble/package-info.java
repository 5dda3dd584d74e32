/**
 * Makes the file of a selection: generate, compile, pack, try out; and runs it. Caller's thread;
 * each child process has one named thread that reads its output.
 */
@NullMarked
package dev.rr.build.assemble;

import org.jspecify.annotations.NullMarked;
