/**
 * What every driver of the plugin {@code jobs} has to do, as tests that a driver's own test
 * extends.
 */
@NullMarked
package dev.rr.testing.jobs;

import org.jspecify.annotations.NullMarked;
