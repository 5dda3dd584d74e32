/**
 * HTTP without a server's types. What every transport shares: a request and its answer as the chain
 * sees them, bodies that wait for their reader, the rules of heads; and what plugins that answer
 * with files share: dates, media types, byte ranges, conditional requests. Transports differ in the
 * version and the modules of theirs that a build carries.
 *
 * <p>Owns no thread. An exchange lives on the {@link dev.rr.http.ExchangeLoop} it was made with;
 * files are touched on virtual threads ({@code http-io}) only.
 */
@NullMarked
package dev.rr.http;

import org.jspecify.annotations.NullMarked;
