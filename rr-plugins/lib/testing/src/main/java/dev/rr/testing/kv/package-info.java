/**
 * What every driver of the plugin {@code kv} has to do, as tests that a driver's own test extends.
 */
@NullMarked
package dev.rr.testing.kv;

import org.jspecify.annotations.NullMarked;
