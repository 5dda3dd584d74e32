/**
 * Makes one self-executing file from a selection of plugins: resolve, read descriptors, check,
 * generate, compile, pack, try out. Free of Maven: what Maven gives comes through {@link
 * dev.rr.build.Resolver}. Runs on the caller's thread; each child process has one named thread that
 * reads its output.
 */
@NullMarked
package dev.rr.build;

import org.jspecify.annotations.NullMarked;
