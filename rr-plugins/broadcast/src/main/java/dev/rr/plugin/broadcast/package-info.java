/**
 * Brokers by name: what workers publish over RPC reaches the plugins that hold clients. What stands
 * behind a broker is a driver, which the configuration chooses. Owns one virtual thread, for what
 * is published without waiting.
 */
@NullMarked
package dev.rr.plugin.broadcast;

import org.jspecify.annotations.NullMarked;
