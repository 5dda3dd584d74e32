/**
 * A request and a response without a server, for the tests of middleware. Everything runs on the
 * test's own thread.
 */
@NullMarked
package dev.rr.testing.http;

import org.jspecify.annotations.NullMarked;
