/**
 * HTTP/2 (RFC 9113), over Netty's frame codec: what the codec lets pass and should not, and the way
 * from a stream to an exchange. Everything runs on the event loop of its connection.
 */
@NullMarked
package dev.rr.plugin.http.http2;

import org.jspecify.annotations.NullMarked;
