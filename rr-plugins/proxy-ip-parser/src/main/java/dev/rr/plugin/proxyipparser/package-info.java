/**
 * HTTP middleware {@code proxy_ip_parser}: takes the client's address from a header, when the other
 * end of the connection is a trusted proxy. Owns no thread; everything happens on the request's
 * event loop.
 */
@NullMarked
package dev.rr.plugin.proxyipparser;

import org.jspecify.annotations.NullMarked;
