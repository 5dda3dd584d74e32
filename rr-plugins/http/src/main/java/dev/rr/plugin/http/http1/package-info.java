/**
 * HTTP/1.0 and HTTP/1.1 (RFC 9112). A connection reads a request after the other; where one begins
 * as HTTP/2 does, it hands over to that package. Everything runs on the event loop of its channel.
 */
@NullMarked
package dev.rr.plugin.http.http1;

import org.jspecify.annotations.NullMarked;
