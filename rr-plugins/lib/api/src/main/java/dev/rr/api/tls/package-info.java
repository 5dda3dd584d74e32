/** Keys and certificates, for plugins that listen with TLS. */
@NullMarked
package dev.rr.api.tls;

import org.jspecify.annotations.NullMarked;
