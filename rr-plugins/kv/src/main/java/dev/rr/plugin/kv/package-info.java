/**
 * Storages by name for workers and whoever else reaches the RPC socket; what keeps the values is a
 * driver, which the configuration chooses. Owns no thread: calls of storages that answer from
 * memory run on the socket's event loop, those of all others on virtual threads.
 */
@NullMarked
package dev.rr.plugin.kv;

import org.jspecify.annotations.NullMarked;
