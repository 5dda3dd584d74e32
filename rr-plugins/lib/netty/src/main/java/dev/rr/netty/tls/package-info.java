/**
 * TLS for listeners on Netty, from the keys of {@link dev.rr.tls}. Needs Netty's {@code
 * netty-handler}, which whoever uses this declares: builds that speak no TLS do not carry it.
 */
@NullMarked
package dev.rr.netty.tls;

import org.jspecify.annotations.NullMarked;
