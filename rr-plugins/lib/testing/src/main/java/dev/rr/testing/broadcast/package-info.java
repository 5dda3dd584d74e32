/**
 * What every driver of the plugin {@code broadcast} has to do, as tests that a driver's own test
 * extends.
 */
@NullMarked
package dev.rr.testing.broadcast;

import org.jspecify.annotations.NullMarked;
