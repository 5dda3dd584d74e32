/**
 * The driver {@code memcached} of {@code kv}: a client of memcached's text protocol. All storages
 * share one event loop, on which answers are read; one more thread dials each server that is away.
 */
@NullMarked
package dev.rr.plugin.memcached;

import org.jspecify.annotations.NullMarked;
