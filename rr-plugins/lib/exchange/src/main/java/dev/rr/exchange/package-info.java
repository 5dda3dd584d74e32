/**
 * What every transport of HTTP shares: a request and its answer as the chain sees them, bodies that
 * wait for their reader, and the rules of heads. Knows no server's types: transports differ in the
 * version and the modules of theirs that a build carries.
 *
 * <p>Owns no thread. An exchange lives on the {@link dev.rr.exchange.ExchangeLoop} it was made
 * with; files are touched on virtual threads ({@code http-io}) only.
 */
@NullMarked
package dev.rr.exchange;

import org.jspecify.annotations.NullMarked;
