/**
 * FastCGI from a web server's side (specification 1.0), as a responder: many requests at once on a
 * connection. Everything runs on the event loop of its channel.
 */
@NullMarked
package dev.rr.plugin.http.fastcgi;

import org.jspecify.annotations.NullMarked;
