/** Keys and certificates for tests. */
@NullMarked
package dev.rr.testing.tls;

import org.jspecify.annotations.NullMarked;
