/**
 * Tests with workers: a worker that does as it is told, a receiver of answers, a check for what is
 * left behind.
 */
@NullMarked
package dev.rr.testing.worker;

import org.jspecify.annotations.NullMarked;
