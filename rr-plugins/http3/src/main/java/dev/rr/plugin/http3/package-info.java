/**
 * The {@code http3} plugin: HTTP/3 in front of the {@code http} plugin's chain.
 *
 * <p>Threads: one event loop ({@code http3-loop}) owns the UDP socket, every connection and every
 * exchange. Files are read on virtual threads ({@code http-io}); {@code http3-tls-reload} watches
 * key and certificate.
 */
@NullMarked
package dev.rr.plugin.http3;

import org.jspecify.annotations.NullMarked;
