/**
 * What every part of a build speaks of: coordinates, inputs, what went wrong, what the user's
 * {@code rr-build.yaml} says. The parts are the packages below, each about one thing: {@code
 * select} and {@code resolve} find what goes into the file, {@code assemble} makes it, {@code
 * lock}, {@code sbom} and {@code describe} tell of it, {@code image} wraps it. Free of Maven but
 * for {@code resolve}. Caller's thread; each child process has one named thread that reads its
 * output.
 */
@NullMarked
package dev.rr.build;

import org.jspecify.annotations.NullMarked;
