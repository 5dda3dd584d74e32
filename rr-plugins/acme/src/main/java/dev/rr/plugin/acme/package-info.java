/**
 * The {@code acme} plugin: obtains a certificate from an authority that speaks ACME (RFC 8555),
 * keeps it on disk, renews it, and offers it to the listeners of {@code http} and {@code http3}.
 *
 * <p>Threads: {@code acme-renewal} waits and renews; while a domain is checked, {@code
 * acme-challenge} accepts and a virtual thread answers each connection. The first certificate is
 * obtained by the thread that starts the server, which waits for it.
 */
@NullMarked
package dev.rr.plugin.acme;

import org.jspecify.annotations.NullMarked;
