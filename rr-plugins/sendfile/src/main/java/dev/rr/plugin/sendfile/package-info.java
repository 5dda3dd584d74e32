/**
 * HTTP middleware {@code sendfile}: when the application's answer carries {@code X-Sendfile}, the
 * file it names is sent in its place. Read from the answer only, never from the request. Owns no
 * thread: files are looked at on a virtual thread of the request and sent by the server.
 */
@NullMarked
package dev.rr.plugin.sendfile;

import org.jspecify.annotations.NullMarked;
