/** Programs and connections that a test runs beside what it tests. */
@NullMarked
package dev.rr.testing.server;

import org.jspecify.annotations.NullMarked;
